import Lab

extension Figure13 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let three = { (value: Double) in NumberText.three(value) }
    return ResultTable(
      title: "Figure 13: the signal's standard deviation before training",
      columns: [
        .text("network", "network"), .text("noise on", "variant"),
        .number("noise", "noise", three), .text("start", "method"),
        .number("rounds", "rounds") { NumberText.fixed($0, digits: 0) },
        .number("std of input", "inputStd", three), .number("of output", "outputStd", three),
        ResultTable.Column("output / input", isNumber: true) { row in
          guard let ratio = row.number("ratio") else { return "–" }
          return three(ratio) + (row.number("ratioDeviation").map { " ± " + three($0) } ?? "")
        },
        .number("largest of any layer", "largestStd", three),
      ],
      rows: runs.map { $0.labels.appending(["status": .string($0.status.rawValue)]).appending($0.results) },
      notes: [
        "Means over rounds, ± one standard deviation of a round. Means and standard deviations of every layer are in each "
          + "record's metrics.jsonl."
      ])
  }

  /// The limits of a scale that is kept: the paper gives none.
  static let kept = 0.1...10

  /// What becomes of the signal.
  enum Fate { case kept, grown, vanished, unclear }

  /// Whether the output's standard deviation stays within the limits: the mean over rounds must be on one side of them by
  /// three standard errors.
  static func fate(_ run: FinishedRun) -> Fate {
    guard let ratio = run.results.number("ratio"), !ratio.isNaN else { return .unclear }
    // What is infinite has grown beyond any limit.
    guard ratio.isFinite else { return .grown }
    guard let deviation = run.results.number("ratioDeviation"), let rounds = run.results.number("rounds") else {
      return .unclear
    }
    let error = 3 * deviation / rounds.squareRoot()
    if kept.contains(ratio - error), kept.contains(ratio + error) { return .kept }
    return ratio - error > kept.upperBound ? .grown : ratio + error < kept.lowerBound ? .vanished : .unclear
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let judged = runs.filter { $0.label("variant") == Variant.input.rawValue && $0.status == .finished }
    var signs: [Int] = []
    var reasons: [String] = []
    var noises: [Set<Double>] = []
    for network in Network.allCases {
      for method in ["default", "idinit"] {
        let own = judged.filter { $0.label("network") == network.rawValue && $0.label("method") == method }
        guard !own.isEmpty else { continue }
        let isKept = method == "idinit" || !network.isResidual
        noises.append(Set(own.compactMap { $0.labels.number("noise") }))
        signs += own.map { run in
          switch fate(run) {
          case .kept: isKept ? 1 : -1
          case .grown: isKept ? -1 : 1
          // The claim is of giant standard deviations: one that dies out supports nothing.
          case .vanished: -1
          case .unclear: 0
          }
        }
        let ratios = own.compactMap { $0.results.number("ratio") }
        let ends = [ratios.min() ?? .nan, ratios.max() ?? .nan].map { "×" + NumberText.three($0) }
        reasons.append(
          "\(network.rawValue) from \(method) \(ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to "))")
      }
    }
    let combinations = Network.allCases.count * 2
    guard reasons.count == combinations else {
      return Verdict(.notJudged, "not all four networks were run from both starts with noise on the input")
    }
    guard let first = noises.first, noises.allSatisfy({ $0 == first }), first.contains(where: { $0 > 0 }) else {
      return Verdict(.notJudged, "not all networks and starts were run with the same noises, one of them above 0")
    }
    return Verdict(
      signs: signs, expected: combinations,
      reason: "from input to output the standard deviation changes by, over all noises on the input: "
        + "\(reasons.joined(separator: "; ")) (kept: from ×\(NumberText.three(kept.lowerBound)) to "
        + "×\(NumberText.three(kept.upperBound)))")
  }
}
