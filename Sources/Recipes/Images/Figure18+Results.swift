import Lab

extension Figure18 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ImageResults.table(
      runs, title: "Figure 18: accuracy over learning rates and weight decays",
      labels: [("rate", "learningRate"), ("decay", "weightDecay"), ("start", "method")]
    ) { group in
      ImageResults.PaperCells(
        accuracy: paperFigure(group.label("learningRate"), group.label("weightDecay"), group.method)?.text ?? "")
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    var signs: [Int] = []
    var reasons: [String] = []
    func judge(_ what: String, _ others: [String], _ takes: (Double) -> Bool) {
      for other in others {
        // How much a start loses against its own accuracy at the rate 0.1, averaged over the grid's other points.
        guard let ours = loss("idinit", groups, takes), let theirs = loss(other, groups, takes) else { continue }
        let error = (ours.error * ours.error + theirs.error * theirs.error).squareRoot()
        let difference = theirs.mean - ours.mean
        signs.append(difference > 2 * error ? 1 : difference < -2 * error ? -1 : 0)
        reasons.append(
          "\(what) IDInit loses \(NumberText.fixed(ours.mean * 100, digits: 1)) points and \(other) "
            + "\(NumberText.fixed(theirs.mean * 100, digits: 1)) (standard error \(NumberText.fixed(error * 100, digits: 1)))"
        )
      }
    }
    judge("below 0.1", ["kaiming", "fixup", "rezero"]) { $0 < 0.1 }
    judge("above 0.1", ["fixup", "zero-hadamard"]) { $0 > 0.1 }
    guard !signs.isEmpty else {
      return Verdict(.notJudged, "the rate 0.1 and others were not run from IDInit and another start")
    }
    let reason = reasons.joined(separator: "; ")
    if signs.contains(-1) { return Verdict(.refuted, reason) }
    return Verdict(signs.allSatisfy { $0 == 1 } ? .confirmed : .notSeen, reason)
  }

  /// Points of accuracy lost against the rate 0.1, a diverged training counting as a guess.
  private static func loss(
    _ method: String, _ groups: [SeedGroup], _ takes: (Double) -> Bool
  ) -> (mean: Double, error: Double)? {
    func accuracy(_ group: SeedGroup) -> (mean: Double, error: Double) {
      group.diverged > 0 ? (0.1, 0) : group.accuracy
    }
    let own = groups.filter { $0.method == method }
    var losses: [Double] = []
    var errors: [Double] = []
    for base in own where base.labels.number("learningRate") == 0.1 {
      let at = accuracy(base)
      for group in own
      where group.labels.number("weightDecay") == base.labels.number("weightDecay")
        && takes(group.labels.number("learningRate") ?? .nan)
      {
        let here = accuracy(group)
        losses.append(at.mean - here.mean)
        errors.append(at.error * at.error + here.error * here.error)
      }
    }
    guard !losses.isEmpty else { return nil }
    let count = Double(losses.count)
    return (losses.reduce(0, +) / count, errors.reduce(0, +).squareRoot() / count)
  }
}
