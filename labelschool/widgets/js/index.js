// Entry of the bundle: one anywidget module for all modes.

import "./css/widgets.css";
import { BoxEditor } from "./modes/box.js";
import { CuboidEditor } from "./modes/cuboid.js";
import { FocusTimer } from "./modes/focus.js";
import { FormEditor } from "./modes/form.js";
import { GuidelineEditor } from "./modes/guideline.js";
import { KanbanBoard } from "./modes/kanban.js";
import { KeypointEditor } from "./modes/keypoint.js";
import { MaskEditor } from "./modes/mask.js";
import { PreferenceEditor } from "./modes/preference.js";
import { RankingEditor } from "./modes/ranking.js";
import { BoxReview, MaskReview } from "./modes/review.js";
import { ScanEditor } from "./modes/scan.js";
import { SpanEditor } from "./modes/span.js";
import { SqlEditor } from "./modes/sql.js";
import { TagEditor } from "./modes/tag.js";
import { TrackEditor } from "./modes/track.js";

const MODES = {
  box: BoxEditor,
  cuboid: CuboidEditor,
  tag: TagEditor,
  focus: FocusTimer,
  form: FormEditor,
  guideline: GuidelineEditor,
  kanban: KanbanBoard,
  keypoint: KeypointEditor,
  mask: MaskEditor,
  preference: PreferenceEditor,
  ranking: RankingEditor,
  "review-box": BoxReview,
  "review-mask": MaskReview,
  scan: ScanEditor,
  span: SpanEditor,
  sql: SqlEditor,
  track: TrackEditor,
};

export default {
  render({ model, el: root }) {
    const lifetime = new AbortController();
    const Mode = MODES[model.get("mode")];
    // The browser tests read here what a canvas does not tell.
    root.labelschool = new Mode(model, root, lifetime.signal);
    return () => lifetime.abort();
  },
};
