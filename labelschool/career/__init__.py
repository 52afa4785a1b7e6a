"""Working for money: what an offer pays, and the way there as dated sessions."""
