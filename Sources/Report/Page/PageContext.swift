import Foundation
import Records

/// What the template's names stand for.
///
/// Every name is set in every place, empty or not: Mustache looks for a missing one further out, and would find
/// somebody else's.
struct PageContext {
  let page: ReportPage
  let plots: RenderedPlots?
  let problem: PlotRenderError?
  private var names = PageEscaping.Names()
  private var figureNumber = 0

  init(page: ReportPage, plots: RenderedPlots?, problem: PlotRenderError?) {
    self.page = page
    self.plots = plots
    self.problem = problem
  }

  mutating func values() -> [String: Any] {
    for name in ["top", "main", "contents", "environment", "commands"] { _ = names.name(name, prefix: "") }
    let sections = page.sections.map { section($0) }
    let verdicts = sections.filter { $0["hasVerdict"] as? Bool == true }
    return [
      "title": page.title, "subtitle": lines(page.subtitle), "date": lines(page.date ?? ""),
      "style": PageStyle.text, "script": plots == nil ? "" : PageEscaping.javascript(PageScript.text),
      "bundle": plots.map { PageEscaping.javascript($0.javascript) } ?? "", "hasPlots": plots != nil,
      "problem": lines(problem?.sentence ?? ""),
      "sections": sections, "hasSections": !sections.isEmpty, "hasVerdicts": !verdicts.isEmpty,
      "tally": tally,
      "environment": page.environment.map { ["name": $0.name, "value": $0.value] },
      "hasEnvironment": !page.environment.isEmpty,
      "commands": commands(page.commands), "hasCommands": !page.commands.isEmpty,
    ]
  }

  /// "3 confirmed · 1 not seen": every status that occurs.
  private var tally: [[String: Any]] {
    Verdict.Status.allCases.compactMap { status in
      let count = page.sections.count { $0.verdict?.status == status }
      return count == 0 ? nil : badge(status).merging(["count": count]) { $1 }
    }
  }

  private mutating func section(_ section: ReportSection) -> [String: Any] {
    let wish = names.name(section.id, prefix: "")
    let id = wish.isEmpty ? names.name("section", prefix: "") : wish
    let reason = section.verdict?.reason ?? ""
    // Written to follow "not judged: ", it stands by itself here.
    let found = VerdictText(
      section.verdict?.status == .notJudged ? reason.prefix(1).uppercased() + reason.dropFirst() : reason,
      points: section.verdict?.points ?? [])
    var values: [String: Any] = [
      "id": id, "heading": section.heading, "locus": lines(section.locus), "claim": lines(section.claim),
      "hasVerdict": section.verdict != nil, "hasHead": !section.locus.isEmpty || section.verdict != nil,
      "hasReason": section.verdict?.reason.isEmpty == false, "lead": lines(found.lead), "findings": found.items,
      "hasFindings": !found.items.isEmpty,
      "figures": section.figures.map { figure($0) }, "hasFigures": !section.figures.isEmpty,
      "table": section.table.map { [table($0, id: id)] } ?? [],
      "notes": section.notes, "hasNotes": !section.notes.isEmpty,
      "deviations": section.deviations, "hasDeviations": !section.deviations.isEmpty,
      "deviationCount": section.deviations.count,
      "plan": section.plan.map { [table($0, id: "\(id)-plan")] } ?? [],
      "commands": commands(section.commands), "hasCommands": !section.commands.isEmpty,
    ]
    values.merge(section.verdict.map { badge($0.status) } ?? ["status": "", "statusClass": "", "glyph": ""]) { $1 }
    return values
  }

  private func badge(_ status: Verdict.Status) -> [String: Any] {
    let glyph =
      switch status {
      case .confirmed: "✓"
      case .notSeen: "○"
      case .refuted: "✕"
      case .notJudged: "–"
      }
    return [
      "status": status.rawValue, "statusClass": status.rawValue.replacingOccurrences(of: " ", with: "-"),
      "glyph": glyph,
    ]
  }

  /// A table for the template; `id` names the file that it can be saved as.
  private func table(_ table: ResultTable, id: String) -> [String: Any] {
    let columns = table.columns.map { ["title": $0.title, "kind": $0.isNumber ? "number" : "text"] }
    let rows = table.cells.map { cells in ["cells": Self.cells(cells, isNumber: table.columns.map(\.isNumber))] }
    return [
      "id": id, "caption": table.title, "columns": columns, "rows": rows, "hasRows": !rows.isEmpty,
      "notes": table.notes,
      "hasNotes": !table.notes.isEmpty, "csv": PageEscaping.csvAddress(table.csv),
    ]
  }

  /// A row's cells: the first one names the row, if it is text. Short texts stay on one line.
  private static func cells(_ cells: [String], isNumber: [Bool]) -> [[String: Any]] {
    zip(cells, isNumber).enumerated().map { index, cell in
      [
        "text": cell.0.replacingOccurrences(of: "-", with: cell.1 ? "−" : "-"),
        "kind": cell.1 ? "number" : cell.0.count > 20 ? "text" : "text short",
        "isHead": index == 0 && !cell.1,
      ]
    }
  }

  private mutating func figure(_ figure: Figure) -> [String: Any] {
    let id = names.name(figure.id, prefix: "figure-")
    let picture = plots?.pictures[figureNumber] ?? nil
    figureNumber += 1
    let omissions = figure.plot.omissions
    return [
      "id": id, "number": figureNumber, "title": figure.title, "caption": lines(figure.caption), "alt": figure.altText,
      "width": figure.width.rawValue, "isDrawn": picture != nil, "isMissing": picture == nil,
      "wide": picture.map { InlineSVG.text($0.wide, prefix: "\(id)-w") } ?? "",
      "narrow": picture.map { InlineSVG.text($0.narrow, prefix: "\(id)-n") } ?? "",
      "spec": picture == nil ? "" : PageEscaping.json(ThemedSpec.page(figure)),
      "legend": LegendMarkup.entries(figure.plot.legend), "hasLegend": picture != nil && !figure.plot.legend.isEmpty,
      "notes": omissions, "hasNotes": !omissions.isEmpty,
      "data": data(figure.plot.data), "csv": PageEscaping.csvAddress(figure.plot.data.csv),
    ]
  }

  /// As many rows as one may want to read; the file to download has all.
  static let shownRows = 200

  private func data(_ data: FigureData) -> [String: Any] {
    let isNumber = data.columns.indices.map { column in
      let values = data.rows.compactMap { $0.indices.contains(column) && $0[column] != .null ? $0[column] : nil }
      let numbers = values.compactMap(\.number)
      return (digits: numbers.count == values.count, whole: numbers.allSatisfy { $0.rounded() == $0 })
    }
    let rows = data.rows.prefix(Self.shownRows).map { row -> [String: Any] in
      let texts = zip(row, isNumber).map { value, isNumber in
        switch value {
        case .null: "–"
        case .int(let value): "\(value)"
        default:
          // All with four digits, that they stand below each other: 0.9700 under 0.9714.
          isNumber.digits
            ? NumberFormat.automaticText(value.number ?? .nan, trims: isNumber.whole) : value.text ?? value.line
        }
      }
      return ["cells": Self.cells(texts, isNumber: isNumber.map(\.digits))]
    }
    let more = data.rows.count > Self.shownRows
    return [
      "columns": zip(data.columns, isNumber).map { ["title": $0, "kind": $1.digits ? "number" : "text"] },
      "rows": rows, "count": data.rows.count,
      "more": more ? [["shown": Self.shownRows]] : [],
    ]
  }

  /// An optional text for a section of the template: once, or not at all.
  private func lines(_ text: String) -> [[String: Any]] { text.isEmpty ? [] : [["text": text]] }

  private func commands(_ commands: [String]) -> [[String: Any]] {
    // A command breaks between its words, not at the hyphens in them.
    commands.map { ["words": $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init)] }
  }
}
