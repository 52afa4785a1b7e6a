// Draws a box in Firefox and reads it back after a reload; prints what it saw as JSON.
//
//   node firefox.mjs URL FIREFOX SCREENSHOT

import puppeteer from "puppeteer-core";

const [url, executablePath, screenshot] = process.argv.slice(2);
const READY = "document.querySelector('.ls')?.labelschool?.ready";
const CONNECTED = `fetch("/api/sessions").then((reply) => reply.json()).then((sessions) =>
  sessions.some(({ kernel }) => kernel.connections && kernel.execution_state === "idle"))`;
const SAVED = "document.querySelector('.ls').labelschool.session.saver.status === 'saved'";
const SHAPES =
  "document.querySelector('.ls').labelschool.session.answer.annotations" +
  ".map(({ label, bbox }) => [label, bbox])";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  defaultViewport: { width: 1400, height: 1000 },
});

const errors = [];

const show = async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(90_000);
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(CONNECTED, { polling: 500 });
  // A locator tries again where the notebook has put the cell's node in place anew.
  await page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").click();
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  await page.waitForFunction(READY);
  return page;
};

/** The place of a picture point on the page. */
const at = (page, point) =>
  page.evaluate((point) => {
    const { view, stage } = document.querySelector(".ls").labelschool;
    const { left, top } = stage.host.getBoundingClientRect();
    const [x, y] = view.toScreen(point);
    return [left + x, top + y];
  }, point);

try {
  let page = await show();
  await page.mouse.move(...(await at(page, [100, 100])));
  await page.mouse.down();
  await page.mouse.move(...(await at(page, [160, 150])), { steps: 5 });
  await page.mouse.move(...(await at(page, [220, 200])), { steps: 5 });
  await page.mouse.up();
  await page.keyboard.press("3");
  await page.waitForFunction(SAVED, { timeout: 20_000 });
  const drawn = await page.evaluate(SHAPES);
  await page.screenshot({ path: screenshot });
  await page.close();
  page = await show();
  const restored = await page.evaluate(SHAPES);
  console.log(JSON.stringify({ drawn, restored, errors }));
} finally {
  await browser.close();
}
