import Lab

extension Table2 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let depth = runs.first?.settings["network"]?["depth"]?.number.flatMap { Int(exactly: $0) } ?? depth
    return ImageResults.table(
      runs, title: "Table 2: ResNet-\(depth) on CIFAR-10", labels: [("training", "variant"), ("start", "method")],
      paperEpochs: "paper, to 80 %"
    ) { group in
      ImageResults.PaperCells(
        accuracy: paperFigure(group.label("variant"), group.method, "accuracy")?.text ?? "",
        epochs: paperFigure(group.label("variant"), group.method, "epochs to 80 %")?.text ?? "")
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let variants = Table2Settings.Variant.allCases.map(\.rawValue).filter { variant in
      groups.contains { $0.label("variant") == variant }
    }
    // For each variant the epochs of all starts but IDInit, and one accuracy; of the paper's starts none may be missing.
    let others = variants.map { variant in
      Set(groups.filter { $0.label("variant") == variant }.map(\.method) + paperMethods).subtracting(["idinit"])
    }
    let expected = others.reduce(0) { $0 + $1.count + 1 }
    let confidence = Confidence(comparisons: expected)
    let judged = variants.compactMap { Table2Judgement(groups, variant: $0, runs: runs, confidence: confidence) }
    guard !judged.isEmpty else { return Verdict(.notJudged, "IDInit or all others are missing") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    var reason = judged.map(\.text).joined(separator: ". ")
    let missing = zip(variants, others).flatMap { variant, methods in
      methods.filter { method in !groups.contains { $0.label("variant") == variant && $0.method == method } }
        .map { "\($0) with \(variant)" }
    }
    if !missing.isEmpty { reason += ". Not run: \(missing.sorted().joined(separator: ", "))" }
    return Verdict(
      signs: judged.flatMap(\.signs), expected: expected,
      reason: "\(reason) (\(confidence.text(SeedGroup.accuracySpread(groups))))")
  }
}
