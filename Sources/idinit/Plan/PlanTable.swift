import IDInit

/// A plan as a person reads it: a heading, the table, notes, and what to do next.
struct PlanTable {
  private let plan: InitializationPlan
  private let modelName: String
  private let title: String
  private let nextCommand: String
  private let terminal: Terminal
  private let all: Bool
  private let networkNotes: [String]
  private let rows: [PlanRow]

  /// - Parameters:
  ///   - planned: The model and its plan.
  ///   - all: Whether every parameter has a line.
  ///   - terminal: What it has to fit.
  init(_ planned: PlannedModel, all: Bool, terminal: Terminal) {
    let stem = planned.name.hasSuffix(".pt2") ? String(planned.name.dropLast(4)) : planned.name
    let words =
      ["idinit", "init", shellQuoted(planned.program.path), "-o", shellQuoted(stem + ".safetensors")]
      + planned.choices.words
    self.init(
      planned.plan, graph: planned.program.graph, notes: planned.notes, modelName: planned.name,
      title: planned.choices.title,
      nextCommand: words.joined(separator: " "), all: all, terminal: terminal)
  }

  init(
    _ plan: InitializationPlan, graph: NetworkGraph, notes: [String], modelName: String, title: String,
    nextCommand: String, all: Bool,
    terminal: Terminal
  ) {
    self.plan = plan
    self.modelName = modelName
    self.title = title
    self.nextCommand = nextCommand
    self.terminal = terminal
    self.all = all
    networkNotes = notes
    if all {
      rows = PlanRows(all: plan.entries).rows
    } else {
      let summaries = PlanSummaries(plan, graph: graph)
      rows = PlanRows(grouping: plan.entries.filter { !summaries.names.contains($0.name) }).rows + summaries.rows
    }
  }

  func print(to out: Output) throws {
    for line in heading { try out.line(Style.strong.applied(to: line, colour: terminal.hasColour)) }
    try out.line()
    // Every parameter has just one line where the lines go to another program.
    let width = all && !terminal.hasWidth ? nil : terminal.width
    let layout = TableLayout(rows, width: width, colour: terminal.hasColour, cutsFront: all)
    for line in layout.lines { try out.line(line) }
    try out.line()
    for note in notes {
      for (index, line) in wrapped(printable(note), width: terminal.width - 6).enumerated() {
        try out.line(Style.faint.applied(to: index == 0 ? "note  " : "      ", colour: terminal.hasColour) + line)
      }
    }
    if !notes.isEmpty { try out.line() }
    try out.line("To write it: \(nextCommand)")
  }

  /// On one line, or on as many as it takes; what belongs together is not parted.
  private var heading: [String] {
    let count = plan.entries.filter { $0.tiedTo == nil }.reduce(0) { $0 &+ $1.geometry.elementCount }
    let blocks = plan.blocks.isEmpty ? "no residual block" : counted(plan.blocks.count, "residual block")
    var lines = [modelName]
    for part in ["\(quantity(count)) parameters", blocks, title] {
      let longer = "\(lines[lines.count - 1]) · \(part)"
      if longer.count <= terminal.width { lines[lines.count - 1] = longer } else { lines.append(part) }
    }
    return lines
  }

  /// The network's, then what was ambiguous in blocks: each once, with the blocks that it is about.
  private var notes: [String] {
    var order = [String]()
    var blocks: [String: [String]] = [:]
    for block in plan.blocks {
      for note in block.notes {
        let key = withoutNumbers(note)
        if blocks[key] == nil { order.append(key) }
        blocks[key, default: []].append(block.add)
      }
    }
    var firstNote: [String: String] = [:]
    for note in plan.blocks.flatMap(\.notes).reversed() { firstNote[withoutNumbers(note)] = note }
    return networkNotes
      + order.map { key in
        let names = blocks[key, default: []]
        let shown = names.prefix(3).joined(separator: ", ")
        let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
        return "\(names.count == 1 ? "block" : "blocks") joined at \(shown)\(rest): \(firstNote[key] ?? key)"
      }
  }
}
