import Mustache

/// The page in Mustache. `{{name}}` is escaped; `{{{name}}}` is not, and stands only for our own text or for what
/// ``PageEscaping`` and ``InlineSVG`` have made.
enum PageTemplate {
  static let page = "page"

  static func library() throws(ReportError) -> MustacheLibrary {
    MustacheContentTypes.register(PageContent(), named: PageContent.name)
    do {
      var templates: [String: MustacheTemplate] = [:]
      for (name, text) in texts {
        templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(PageContent.name)}}" + text)
      }
      return MustacheLibrary(templates: templates)
    } catch {
      throw .template("\(error)")
    }
  }

  private static let texts = [page: pageText, "section": sectionText, "figure": figureText, "table": tableText]

  private static let pageText = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body id="top">
    <a class="skip" href="#main">Skip to the results</a>
    <header class="masthead">
    <h1>{{title}}</h1>
    {{#subtitle}}<p class="subtitle">{{text}}</p>{{/subtitle}}
    {{#date}}<p class="date">{{text}}</p>{{/date}}
    </header>
    <div class="columns">
    {{#hasSections}}
    <nav id="contents" aria-labelledby="contents-heading">
    <h2 id="contents-heading">At a glance</h2>
    {{#hasVerdicts}}
    <p class="tally">{{#tally}}<span class="badge {{statusClass}}"><span aria-hidden="true">{{glyph}}</span> {{count}} {{status}}</span> {{/tally}}</p>
    {{/hasVerdicts}}
    <ol class="glance">
    {{#sections}}
    <li><a href="#{{id}}"><span class="glyph {{statusClass}}" aria-hidden="true">{{glyph}}</span><span class="entry"><span class="entry-heading">{{heading}}</span>{{#locus}}<span class="entry-locus">{{text}}</span>{{/locus}}</span>{{#hasVerdict}}<span class="entry-status">{{status}}</span>{{/hasVerdict}}</a></li>
    {{/sections}}
    </ol>
    <ul class="more">
    {{#hasEnvironment}}<li><a href="#environment">Environment</a></li>{{/hasEnvironment}}
    {{#hasCommands}}<li><a href="#commands">Commands</a></li>{{/hasCommands}}
    </ul>
    </nav>
    {{/hasSections}}
    <main id="main" tabindex="-1">
    {{#problem}}<p class="problem" role="note">{{text}}</p>{{/problem}}
    {{^hasSections}}<p class="empty">There are no results here yet.</p>{{/hasSections}}
    {{#sections}}{{> section}}{{/sections}}
    {{#hasEnvironment}}
    <section class="appendix" aria-labelledby="environment">
    <h2 id="environment">Environment</h2>
    <dl class="facts">
    {{#environment}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/environment}}
    </dl>
    </section>
    {{/hasEnvironment}}
    {{#hasCommands}}
    <section class="appendix" aria-labelledby="commands">
    <h2 id="commands">Commands</h2>
    <p>These make the results again.</p>
    <pre class="commands" tabindex="0" aria-label="Commands">{{#commands}}<code>{{#words}}<span>{{.}}</span> {{/words}}</code>{{/commands}}</pre>
    </section>
    {{/hasCommands}}
    </main>
    </div>
    {{#hasPlots}}
    <footer><p>Plots: Vega, Vega-Lite and Vega-Embed (University of Washington Interactive Data Lab and contributors, BSD 3-Clause License), rendered by vl-convert.</p></footer>
    <script>{{{bundle}}}</script>
    <script>{{{script}}}</script>
    {{/hasPlots}}
    </body>
    </html>

    """

  private static let sectionText = """
    <section class="experiment" aria-labelledby="{{id}}">
    {{#locus}}<p class="locus">{{text}}</p>{{/locus}}
    <h2 id="{{id}}">{{heading}}</h2>
    {{#claim}}<p class="claim"><span class="label">The claim</span> {{text}}</p>{{/claim}}
    {{#hasVerdict}}<div class="verdict {{statusClass}}"><p><span class="badge {{statusClass}}"><span aria-hidden="true">{{glyph}}</span> {{status}}</span> {{#reason}}{{text}}{{/reason}}</p>{{#hasPoints}}
    <ul>{{#points}}<li>{{.}}</li>{{/points}}</ul>{{/hasPoints}}</div>{{/hasVerdict}}
    {{#hasFigures}}<div class="figures">
    {{#figures}}{{> figure}}{{/figures}}</div>{{/hasFigures}}
    {{#table}}{{> table}}{{/table}}
    {{#hasNotes}}<div class="notes">{{#notes}}<p>{{.}}</p>{{/notes}}</div>{{/hasNotes}}
    {{#hasDeviations}}<details class="aside"><summary>What differs from the paper <span class="count">{{deviationCount}}</span></summary>
    <ul class="deviations">{{#deviations}}<li>{{.}}</li>{{/deviations}}</ul></details>{{/hasDeviations}}
    {{#plan}}<details class="aside"><summary>Initialisation plan</summary>{{> table}}</details>{{/plan}}
    {{#hasCommands}}<details class="aside"><summary>Commands</summary><pre class="commands" tabindex="0" aria-label="Commands">{{#commands}}<code>{{#words}}<span>{{.}}</span> {{/words}}</code>{{/commands}}</pre></details>{{/hasCommands}}
    </section>

    """

  private static let figureText = """
    <figure id="{{id}}" class="{{width}}">
    <figcaption><span class="figure-title">{{title}}</span>{{#caption}} <span class="figure-caption">{{text}}</span>{{/caption}}</figcaption>
    {{#hasLegend}}<ul class="legend" aria-label="Legend">{{#legend}}<li>{{#isToggle}}<button type="button" data-series="{{name}}" aria-pressed="true" disabled>{{{sample}}}<span>{{name}}</span></button>{{/isToggle}}{{^isToggle}}<span class="entry">{{{sample}}}<span>{{name}}</span></span>{{/isToggle}}</li>{{/legend}}</ul>{{/hasLegend}}
    {{#isDrawn}}<div class="plot" role="img" aria-label="{{alt}}"><div class="still wide">{{{wide}}}</div><div class="still narrow">{{{narrow}}}</div><div class="live" hidden></div></div>
    <script type="application/json" class="spec">{{{spec}}}</script>{{/isDrawn}}
    {{#isMissing}}<p class="alt">{{alt}}</p>{{/isMissing}}
    {{#hasNotes}}<div class="notes">{{#notes}}<p>{{.}}</p>{{/notes}}</div>{{/hasNotes}}
    <details class="data"{{#isMissing}} open{{/isMissing}}><summary>Numbers <span class="visually-hidden">of {{title}}</span></summary>
    {{#data}}<div class="scroll" role="group" tabindex="0" aria-label="Numbers of {{title}}"><table>
    <thead><tr>{{#columns}}<th scope="col" class="{{kind}}">{{title}}</th>{{/columns}}</tr></thead>
    <tbody>{{#rows}}<tr>{{#cells}}{{#isHead}}<th scope="row" class="{{kind}}">{{text}}</th>{{/isHead}}{{^isHead}}<td class="{{kind}}">{{text}}</td>{{/isHead}}{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    <p class="download">{{#more}}The first {{shown}} of {{count}} rows. {{/more}}<a download="{{id}}.csv" href="{{{csv}}}">All as CSV</a></p>{{/data}}</details>
    </figure>

    """

  private static let tableText = """
    <div class="scroll" role="group" tabindex="0" aria-label="{{caption}}"><table class="results">
    <caption><span>{{caption}}</span></caption>
    <thead><tr>{{#columns}}<th scope="col" class="{{kind}}">{{title}}</th>{{/columns}}</tr></thead>
    <tbody>{{#rows}}<tr>{{#cells}}{{#isHead}}<th scope="row" class="{{kind}}">{{text}}</th>{{/isHead}}{{^isHead}}<td class="{{kind}}">{{text}}</td>{{/isHead}}{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    {{^hasRows}}<p class="empty">No run has ended yet.</p>{{/hasRows}}
    {{#hasNotes}}<div class="notes">{{#notes}}<p>{{.}}</p>{{/notes}}</div>{{/hasNotes}}
    {{#hasRows}}<p class="download"><a download="{{id}}.csv" href="{{{csv}}}">All columns as CSV</a></p>{{/hasRows}}

    """
}
