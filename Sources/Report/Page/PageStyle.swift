/// The page's look: calm, light or dark as the reader's system is, and fit for a telephone and for paper.
enum PageStyle {
  static let text =
    ":root { \(variables(\.light)) \(light) }\n"
    + "@media (prefers-color-scheme: dark) { :root { \(variables(\.dark)) \(dark) } }\n" + rules

  private static func variables(_ shade: KeyPath<Palette.Color, String>) -> String {
    Palette.all.map { "--\($0.name): \($0[keyPath: shade]);" }.joined(separator: " ")
  }

  private static let light = """
    color-scheme: light; --page: #F7F7F5; --surface: #FFFFFF; --ink: #1D2127; --muted: #565D67; --line: #DEE0E3;
    --link: #0B5CAD; --focus: #0B5CAD; --code: #EFEFEC;
    --confirmed: #0B5D3B; --confirmed-tint: #DDF3E6; --not-seen: #734700; --not-seen-tint: #FBEBCB;
    --refuted: #961B1B; --refuted-tint: #FBE1DF; --not-judged: #474E58; --not-judged-tint: #E7E9EC;
    """

  private static let dark = """
    color-scheme: dark; --page: #101318; --surface: #171B21; --ink: #E8EAED; --muted: #A6ADB8; --line: #2C323A;
    --link: #7CB8F2; --focus: #7CB8F2; --code: #1E232B;
    --confirmed: #7FDCAE; --confirmed-tint: #12352A; --not-seen: #F0C674; --not-seen-tint: #3A2E14;
    --refuted: #FF9E97; --refuted-tint: #431F1E; --not-judged: #B9C0CA; --not-judged-tint: #2A3038;
    """

  private static let rules = """
    *, *::before, *::after { box-sizing: border-box; }
    html { font: 100%/1.6 \(VegaLite.font); -webkit-text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
    body { margin: 0; padding: 0 clamp(1rem, 4vw, 3rem) 4rem; background: var(--page); color: var(--ink);
      overflow-wrap: break-word; }
    h1, h2 { line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; margin: 0; }
    p { margin: 0 0 0.75rem; text-wrap: pretty; }
    a { color: var(--link); text-underline-offset: 0.15em; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
    main:focus { outline: none; }
    code, pre { font: 0.875rem/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
    pre { margin: 0; padding: 0.875rem 1rem; overflow-x: auto; background: var(--code); border-radius: 8px; }
    .commands code { display: block; white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 1.5rem;
      text-indent: -1.5rem; }
    .commands span { display: inline-block; max-width: 100%; text-indent: 0; vertical-align: top; }
    .commands code::before { content: "$ "; color: var(--muted); }
    .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    .skip { position: absolute; left: 1rem; top: -6rem; padding: 0.5rem 1rem; background: var(--surface); z-index: 2; }
    .skip:focus { top: 1rem; }

    .masthead, .columns { max-width: 76rem; margin-inline: auto; }
    .masthead { padding: clamp(2rem, 6vw, 4.5rem) 0 clamp(1.5rem, 3vw, 2.5rem); }
    .masthead h1 { font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem); font-weight: 680; letter-spacing: -0.025em; }
    .subtitle { margin: 0.75rem 0 0; max-width: 44rem; font-size: clamp(1.0625rem, 1rem + 0.4vw, 1.25rem);
      color: var(--muted); }
    .date { margin: 0.75rem 0 0; font-size: 0.875rem; color: var(--muted); }

    nav { margin-bottom: 2.5rem; font-size: 0.9375rem; }
    nav h2 { font-size: 0.8125rem; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase;
      color: var(--muted); margin-bottom: 0.75rem; }
    .tally { display: flex; flex-wrap: wrap; gap: 0.375rem; margin-bottom: 0.875rem; }
    .glance, .more { list-style: none; margin: 0; padding: 0; }
    .glance a { display: flex; gap: 0.625rem; align-items: baseline; padding: 0.5rem 0.625rem; margin-inline: -0.625rem;
      border-radius: 8px; color: inherit; text-decoration: none; }
    .glance a:hover { background: var(--code); }
    .glance .entry { flex: 1; min-width: 0; line-height: 1.35; }
    .entry-heading { display: block; }
    .entry-locus, .entry-status { font-size: 0.8125rem; color: var(--muted); }
    .entry-status { white-space: nowrap; }
    .glyph { width: 1.375rem; height: 1.375rem; flex: none; align-self: flex-start; display: inline-grid;
      place-items: center; border-radius: 50%; font-size: 0.75rem; font-weight: 700; line-height: 1; }
    .glyph:empty { visibility: hidden; }
    .more { margin-top: 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
    .more:empty { display: none; }
    .more a { display: block; padding: 0.25rem 0 0.25rem 2rem; }

    .badge { display: inline-block; padding: 0.0625rem 0.625rem; border-radius: 999px; font-size: 0.875rem;
      font-weight: 620; white-space: nowrap; }
    .confirmed { --tone: var(--confirmed); --tint: var(--confirmed-tint); }
    .not-seen { --tone: var(--not-seen); --tint: var(--not-seen-tint); }
    .refuted { --tone: var(--refuted); --tint: var(--refuted-tint); }
    .not-judged { --tone: var(--not-judged); --tint: var(--not-judged-tint); }
    .badge, .glyph { color: var(--tone); background: var(--tint); }

    main { min-width: 0; }
    .experiment, .appendix { padding-bottom: 2rem; margin-bottom: 3rem; border-bottom: 1px solid var(--line); }
    .experiment:last-child, .appendix:last-child { border-bottom: 0; margin-bottom: 0; }
    .experiment h2, .appendix h2 { font-size: clamp(1.375rem, 1.2rem + 0.9vw, 1.75rem); font-weight: 650;
      margin-bottom: 0.875rem; }
    .locus { margin: 0 0 0.25rem; font-size: 0.875rem; color: var(--muted); font-weight: 550; }
    .claim { max-width: 44rem; font-size: 1.0625rem; }
    .label { display: block; font-size: 0.8125rem; color: var(--muted); font-weight: 550; }
    .verdict { max-width: 48rem; margin: 1rem 0 1.5rem; padding: 0.75rem 1rem; background: var(--surface);
      border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; }
    .verdict p { margin: 0; }
    .verdict ul { margin: 0.5rem 0 0; padding-left: 1.25rem; }
    .verdict .badge { margin-right: 0.375rem; }
    .notes { max-width: 46rem; font-size: 0.9375rem; color: var(--muted); margin-top: 0.625rem; }
    .notes p { margin-bottom: 0.5rem; }
    .problem { padding: 0.75rem 1rem; border-radius: 8px; background: var(--not-seen-tint); color: var(--not-seen); }
    .empty, .alt { color: var(--muted); }

    .figures { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; margin: 1.5rem 0; }
    .figures:has(details[open]) { align-items: start; }
    figure { margin: 0; padding: clamp(0.75rem, 2.5vw, 1.25rem); background: var(--surface);
      border: 1px solid var(--line); border-radius: 12px; min-width: 0; }
    figcaption { margin-bottom: 0.75rem; }
    .figure-title { display: block; font-weight: 650; line-height: 1.35; }
    .figure-caption { font-size: 0.9375rem; color: var(--muted); }
    .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; list-style: none; margin: 0 0 0.75rem; padding: 0;
      font-size: 0.875rem; }
    .legend li { max-width: 100%; }
    .legend button, .legend .entry { display: inline-flex; align-items: center; gap: 0.5rem; min-height: 1.875rem;
      padding: 0.125rem 0.625rem; font: inherit; line-height: 1.3; text-align: left; color: var(--ink);
      background: none; border: 1px solid transparent; border-radius: 999px; overflow-wrap: anywhere; }
    .legend button:enabled { cursor: pointer; border-color: var(--line); }
    .legend button:enabled:hover { background: var(--code); }
    .legend button[aria-pressed="false"] { color: var(--muted); text-decoration: line-through; border-style: dashed; }
    .legend button[aria-pressed="false"] .sample { opacity: 0.35; }
    .sample { flex: none; }

    .plot { position: relative; }
    .still svg { display: block; width: 100%; height: auto; }
    .still.narrow { display: none; }
    .live svg { display: block; }
    .plot [class*="rimmed"] text { paint-order: stroke; stroke: var(--plot-surface); stroke-width: 3px;
      stroke-linejoin: round; }
    .live { position: absolute; inset: 0 0 auto 0; visibility: hidden; }
    .live.vega-embed { display: block; width: 100%; padding: 0; }
    .plot.is-live .still { display: none; }
    .plot.is-live .live { position: static; visibility: visible; }
    #vg-tooltip-element { visibility: hidden; position: fixed; z-index: 3; padding: 0.5rem 0.75rem; max-width: 90vw;
      font-size: 0.8125rem; line-height: 1.5; color: var(--ink); background: var(--surface);
      border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 4px 16px rgb(0 0 0 / 0.18); }
    #vg-tooltip-element.visible { visibility: visible; }
    #vg-tooltip-element td.key { padding-right: 0.75rem; color: var(--muted); }
    #vg-tooltip-element td { padding: 0; border: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }

    .scroll { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: 8px;
      background: var(--surface); }
    details .scroll { max-height: 26rem; overflow-y: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; line-height: 1.4;
      font-variant-numeric: tabular-nums lining-nums; }
    caption { text-align: left; font-weight: 650; padding: 0.75rem 0.875rem 0.375rem; }
    caption span { display: inline-block; position: sticky; left: 0.875rem; max-width: calc(100vw - 5rem); }
    th, td { padding: 0.4375rem 0.875rem; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
    th { font-weight: 550; }
    thead th { color: var(--muted); font-size: 0.875rem; border-top: 0; background: var(--surface); vertical-align: bottom; }
    details thead th { position: sticky; top: 0; }
    .number { text-align: right; }
    td.number, .short { white-space: nowrap; }
    td.text:not(.short) { min-width: 14rem; }
    tbody th[scope="row"] { position: sticky; left: 0; background: var(--surface); }
    tbody tr:hover > * { background: var(--code); }
    .download { margin: 0.5rem 0 0; font-size: 0.875rem; color: var(--muted); }

    footer { max-width: 76rem; margin: 2rem auto 0; font-size: 0.8125rem; color: var(--muted); }
    details { margin-top: 0.75rem; }
    summary { cursor: pointer; width: fit-content; padding: 0.25rem 0; font-size: 0.9375rem; color: var(--link);
      border-radius: 4px; }
    details[open] > summary { margin-bottom: 0.5rem; }
    .count { color: var(--muted); font-variant-numeric: tabular-nums; }
    .deviations { max-width: 46rem; margin: 0; padding-left: 1.25rem; font-size: 0.9375rem; }
    .deviations li { margin-bottom: 0.375rem; }
    .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: 0.75rem 2rem;
      margin: 0; }
    dt { font-size: 0.8125rem; color: var(--muted); }
    dd { margin: 0; overflow-wrap: anywhere; }

    @media (min-width: 44rem) {
      .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      figure.full { grid-column: 1 / -1; }
    }
    @media (max-width: 37.5rem) {
      .still.wide { display: none; }
      .still.narrow { display: block; }
      th, td { padding-inline: 0.625rem; }
    }
    @media (min-width: 68rem) {
      .columns { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 4rem; align-items: start; }
      nav { position: sticky; top: 1.5rem; max-height: calc(100vh - 3rem); overflow-y: auto; padding: 0 0.75rem;
        margin: 0 -0.75rem; }
      .columns > main:only-child { grid-column: 1 / -1; }
      .entry-status { display: none; }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @media (forced-colors: active) { .badge, .glyph, .legend button { border: 1px solid; } }
    @media print {
      body { padding: 0; background: none; }
      nav, .skip, .download, details.data { display: none; }
      .columns { display: block; }
      figure, .verdict, table { break-inside: avoid; }
      .scroll { overflow: visible; }
      h2 { break-after: avoid; }
    }
    """
}
