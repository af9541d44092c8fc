import Records

extension ResultTable {
  /// What parameters started from, a row for every role and rule: how many tensors and numbers.
  ///
  /// - Parameter plans: The labels of a group of runs, and its plan's rows (`role`, `rule`, `gain`, `epsilon`, `tensors`,
  ///   `values`). Groups with equal rows are shown once, under what tells their plan from the others.
  /// - Returns: The table; nil without rows.
  public static func plans(_ plans: [(labels: Row, rows: [Row])]) -> ResultTable? {
    var distinct: [(labels: Row, rows: [Row])] = []
    for plan in plans where !plan.rows.isEmpty && !distinct.contains(where: { $0.rows == plan.rows }) {
      distinct.append(plan)
    }
    guard !distinct.isEmpty else { return nil }
    let names = MeasuredRuns.names(distinct.map(\.labels))
    let rows = zip(names, distinct).flatMap { name, plan in
      plan.rows.map { Row([.init("start", .string(name))]).appending($0) }
    }
    func has(_ cell: String) -> Bool { rows.contains { $0.number(cell) != nil } }
    let whole = { (value: Double) in NumberText.fixed(value, digits: 0) }
    return ResultTable(
      title: "What parameters start from",
      columns: [.text("start", "start"), .text("role", "role"), .text("rule", "rule")]
        + (has("gain") ? [.number("gain", "gain", NumberFormat.automatic.text)] : [])
        + (has("epsilon") ? [.number("ε", "epsilon", NumberFormat.automatic.text)] : [])
        + [.number("tensors", "tensors", whole), .number("parameters", "values", whole)],
      rows: rows)
  }
}
