import Lab

extension Table2 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let depth = runs.first?.settings["network"]?["depth"]?.number.map { Int($0) } ?? depth
    return ImageResults.table(
      runs, title: "Table 2: ResNet-\(depth) on CIFAR-10", labels: [("training", "variant"), ("start", "method")]
    ) { group in
      ImageResults.PaperCells(
        accuracy: paperFigure(group.label("variant"), group.method, "accuracy")?.text ?? "",
        epochs: paperFigure(group.label("variant"), group.method, "epochs to 80 %")?.text ?? "")
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let judged = Table2Settings.Variant.allCases.compactMap { FastestStart(groups, variant: $0.rawValue, runs: runs) }
    guard !judged.isEmpty else { return Verdict(.notJudged, "IDInit or all others are missing") }
    let reason = judged.map(\.text).joined(separator: ". ")
    if judged.contains(where: { $0.sign < 0 }) { return Verdict(.refuted, reason) }
    return Verdict(judged.allSatisfy { $0.sign > 0 } ? .confirmed : .notSeen, reason)
  }
}
