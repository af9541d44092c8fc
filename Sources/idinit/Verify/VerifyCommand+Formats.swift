import ModelFiles

/// What a program reads of a verification.
extension VerifyCommand {
  func printJSON(
    _ lines: [Verification.Line], isAsPlanned: Bool, _ planned: PlannedModel, to out: Output
  ) throws {
    let plan =
      "\"model\":\(jsonLiteral(planned.name)),\"method\":\(jsonLiteral(planned.plan.scheme)),\"seed\":\(planned.plan.seed)"
    let items = lines.map { line -> String in
      let fields = self.fields(of: line)
      let members = zip(Self.names, fields).map { name, value in
        "\(jsonLiteral(name)):\(value.map { $0.isNumber ? $0.text : jsonLiteral($0.text) } ?? "null")"
      }
      return "{\(members.joined(separator: ","))}"
    }
    try out.line("{\"asPlanned\":\(isAsPlanned),\(plan),\"tensors\":[\(items.joined(separator: ",\n"))]}")
  }

  func printCSV(_ lines: [Verification.Line], to out: Output) throws {
    try out.row(Self.names)
    for line in lines { try out.row(fields(of: line).map { $0?.text }) }
  }

  private static let names = ["name", "finding", "rule", "count", "differing", "found", "planned", "largestDifference"]

  private struct Field {
    var text: String
    var isNumber = false
  }

  /// One for each of the names; found and planned are the first values that differ, shapes, or element types.
  private func fields(of line: Verification.Line) -> [Field?] {
    func number(_ value: Int) -> Field { Field(text: "\(value)", isNumber: true) }
    func row(_ finding: String, _ rest: [Field?] = [nil, nil, nil, nil, nil]) -> [Field?] {
      [Field(text: line.name), Field(text: finding), line.tensor.map { Field(text: ruleText($0)) }] + rest
    }
    switch line.finding {
    case .same(let isCompared): return row(isCompared ? "as-planned" : "not-checked")
    case .values(let comparison):
      let largest = comparison.largest
      return row(
        "values",
        [
          number(comparison.count), number(comparison.differing), comparison.first.map { Field(text: $0.a) },
          comparison.first.map { Field(text: $0.b) },
          largest.isFinite ? Field(text: "\(largest)", isNumber: true) : nil,
        ])
    case .missing: return row("missing")
    case .shape(let shape):
      let planned = line.tensor.map { Field(text: shapeText($0.shape, by: "x")) }
      return row("shape", [nil, nil, Field(text: shapeText(shape, by: "x")), planned, nil])
    case .dtype(let dtype):
      return row("dtype", [nil, nil, Field(text: "\(dtype)"), line.tensor.map { Field(text: "\($0.written)") }, nil])
    case .unexpected: return row("unexpected")
    }
  }
}
