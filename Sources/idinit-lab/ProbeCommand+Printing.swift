import Lab
import Recipes

/// What was measured, for people and for programs.
extension ProbeCommand {
  typealias Measured = [(subject: ProbeSubject, probe: any Probe, result: ProbeResult)]

  /// A probe's verdict and sentence, and its rows where they are asked for.
  func text(_ probe: any Probe, _ result: ProbeResult) -> String {
    let mark = result.verdict == .none ? "    " : result.verdict.rawValue.padded(to: 4)
    let head = "  \(probe.name.padded(to: 9)) \(mark)  "
    let indent = String(repeating: " ", count: head.count)
    let lines = Wrapped.lines(result.sentence, width: max(Terminal.proseWidth - head.count, 20))
    let text = lines.enumerated().map { ($0 == 0 ? head : indent) + $1 + "\n" }.joined()
    guard layers, let table = table(result) else { return text }
    return text + "\n" + table.text(width: Terminal.width) + "\n"
  }

  /// Every cell of the rows but lists.
  private func table(_ result: ProbeResult) -> ResultTable? {
    guard let first = result.rows.first else { return nil }
    let columns = first.cells.filter { $0.value.elements == nil }.map { cell in
      cell.value.text != nil
        ? ResultTable.Column.text(NameText.words(cell.key), cell.key)
        : ResultTable.Column(NameText.words(cell.key), isNumber: true) { Self.text($0[cell.key]) }
    }
    return ResultTable(title: "", columns: columns, rows: result.rows)
  }

  /// A cell: counts are whole, other numbers have three digits.
  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: "–"
    case .int(let count): NumberText.count(count)
    case .bool(let isSo): isSo ? "yes" : "no"
    case let value?: value.number.map { NumberText.three($0) } ?? value.line
    }
  }

  /// A row for every method and probe, with the numbers that stand for the network; with `--layers` the probes' own rows.
  func csv(_ measured: Measured) -> String {
    let rows = measured.flatMap { item -> [Row] in
      let head: Row = ["method": .string(item.subject.method), "probe": .string(item.probe.name)]
      if layers { return item.result.rows.map(head.appending) }
      return [
        head.appending(["verdict": .string(item.result.verdict.rawValue)]).appending(item.result.summary)
          .appending(["sentence": .string(item.result.sentence)])
      ]
    }
    return ResultTable(title: "", columns: [], rows: rows).csv
  }

  /// The command that measures the same again.
  private func command(_ names: [String]) -> String {
    let isRecipe = RecipeRegistry.recipe(network) != nil
    var words = ["idinit-lab probe \(network)"]
    if isRecipe { words.append("--scale \((scale ?? .small).rawValue)") }
    if let methods = methods ?? (isRecipe ? nil : names.joined(separator: ",")) { words.append("--methods \(methods)") }
    if let probes { words.append("--probes \(probes)") }
    if let inputNoise { words.append("--input-noise \(inputNoise)") }
    if let batch { words.append("--batch \(batch)") }
    return (words + ["--seed \(seed) --json"]).joined(separator: " ")
  }

  /// Every probe's verdict, sentence, summary and rows, by method.
  func document(_ bench: Bench, _ measured: Measured) -> JSONValue {
    var methods: [(name: String, probes: [JSONValue.Member])] = []
    for item in measured {
      if methods.last?.name != item.subject.method || methods.last?.probes.first?.key == item.probe.name {
        methods.append((item.subject.method, []))
      }
      methods[methods.count - 1].probes.append(
        .init(
          item.probe.name,
          [
            "verdict": .string(item.result.verdict.rawValue), "sentence": .string(item.result.sentence),
            "summary": item.result.summary.json, "rows": .array(item.result.rows.map(\.json)),
          ]))
    }
    return [
      "network": .string(network), "title": .string(bench.title), "data": .string(bench.data),
      "command": .string(command(methods.map(\.name))), "batch": .int(bench.subjects.first?.count ?? 0),
      "seed": .int(Int(clamping: seed)),
      "methods": .array(methods.map { ["method": .string($0.name), "probes": .object($0.probes)] }),
    ]
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
