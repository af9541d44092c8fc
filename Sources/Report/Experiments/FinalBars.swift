import Records

/// Bars of what runs ended with, with the seeds' range and the paper's number as a mark of its own.
struct FinalBars: FigureKind {
  var cell: String
  var title: String
  var format: NumberFormat
  /// The labels of a group by which the paper's numbers are found, and what they have beside labels; none: the paper
  /// has none.
  var paper: [String]
  var suffix: [String] = []
  /// What one of the paper's units is of ours: it prints percents.
  var paperUnit = 0.01
  var spread = BarChart.Spread.range

  static func accuracy(paper: [String], suffix: [String] = []) -> FinalBars {
    FinalBars(
      cell: "testAccuracy", title: "Test accuracy at the end", format: .percent(1), paper: paper, suffix: suffix)
  }

  /// Tables 5 and 7, by word vectors and start: what the paper prints is a mean with its standard deviation.
  static let textAccuracy: FinalBars = {
    var bars = accuracy(paper: ["vector", "method"])
    bars.spread = .standardDeviation
    return bars
  }()

  /// Figure 5's: the recipe's numbers are shares.
  static let unmoved = FinalBars(
    cell: "unmoved", title: "Elements of last weights not moved", format: .percent(1), paper: ["method"], paperUnit: 1)

  func figures(of runs: MeasuredRuns) -> [Figure] {
    let axes = Self.axes(runs.groups.map(\.labels))
    let bars = runs.groups.map { group in
      BarChart.Bar(
        category: Self.name(group, axes.categories),
        group: axes.groups.isEmpty ? "here" : Self.name(group, axes.groups),
        values: group.values(cell), paper: paperNumber(group, runs)?.value)
    }
    guard bars.contains(where: { !$0.values.isEmpty }) else { return [] }
    let numbers = bars.flatMap(\.values) + bars.compactMap(\.paper)
    let least = numbers.min() ?? 0
    let most = numbers.max() ?? 0
    let limits = runs.groups.compactMap { paperLimit($0, runs) }.unique
    let found = zip(runs.names, bars).map { name, bar in
      let mean = SeedStatistics(bar.values).mean
      let paper = bar.paper.map { " (the paper \(format.text($0)))" } ?? ""
      return "\(name) \(mean.isFinite ? format.text(mean) : "nothing")\(paper)"
    }
    return [
      Figure(
        id: "\(cell)-bars", title: title,
        caption: [
          runs.seedSentence("line", spread), runs.divergedSentence,
          limits.isEmpty ? "" : "The paper: \(limits.joined(separator: ", ")).",
          bars.contains { $0.paper != nil } ? "The paper's numbers are of its own data and epochs." : "",
        ].filter { !$0.isEmpty }.joined(separator: " "),
        altText: "\(title). \(found.joined(separator: ", ")).",
        plot: BarChart(
          axis: PlotAxis(title.lowercasedFirst, format: format), bars: bars,
          // Bars begin at 0; where nothing is near it they would all look alike.
          baseline: numbers.count > 1 && least > 0.8 * most ? .fitted : .zero, spread: spread))
    ]
  }

  /// Which labels name the bars of a category and which the category: the one with the most values names categories,
  /// which are written out; of two with as many the method is compared within.
  private static func axes(_ labels: [Row]) -> (categories: [String], groups: [String]) {
    let keys = MeasuredRuns.distinguishing(labels)
    guard keys.count > 1 else { return (keys.isEmpty ? labels.first?.names ?? [] : keys, []) }
    func count(_ key: String) -> Int { Set(labels.map { $0[key]?.line ?? "" }).count }
    let most = keys.map(count).max() ?? 0
    let category = keys.first { count($0) == most && $0 != "method" } ?? "method"
    let groups = keys.filter { $0 != category }
    return ([category], groups)
  }

  private static func name(_ group: MeasuredRuns.Group, _ keys: [String]) -> String {
    keys.compactMap { key in group.labels[key].map { MeasuredRuns.text(key, $0) } }.filter { !$0.isEmpty }
      .joined(separator: ", ")
  }

  private func printed(_ group: MeasuredRuns.Group, _ runs: MeasuredRuns) -> MeasuredRuns.PaperNumber? {
    guard !paper.isEmpty else { return nil }
    let labels = paper.map { group.label($0) } + suffix
    return runs.paper.first { $0.labels == labels }
  }

  /// The paper's number in our unit; nil where it prints none, or a limit, which is no place for a mark.
  private func paperNumber(_ group: MeasuredRuns.Group, _ runs: MeasuredRuns) -> (value: Double, text: String)? {
    guard let number = printed(group, runs), !Self.isLimit(number) else { return nil }
    return (number.value * paperUnit, number.text)
  }

  /// "> 50 % from idinit-zero".
  private func paperLimit(_ group: MeasuredRuns.Group, _ runs: MeasuredRuns) -> String? {
    guard let number = printed(group, runs), Self.isLimit(number) else { return nil }
    return "\(number.text) from \(number.labels.filter { !suffix.contains($0) }.joined(separator: ", "))"
  }

  private static func isLimit(_ number: MeasuredRuns.PaperNumber) -> Bool {
    number.text.hasPrefix(">") || number.text.hasPrefix("<") || number.text.hasPrefix("≥") || number.text.hasPrefix("≤")
  }
}
