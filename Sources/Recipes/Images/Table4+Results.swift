import Lab

extension Table4 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let named = runs.map { run in
      var run = run
      let setting = settingsOfPaper.first { $0.key == run.label("method") }?.value ?? ""
      run.labels = Row([.init("setting", .string(setting))] + run.labels.cells)
      return run
    }
    return ImageResults.table(
      named, title: "Table 4: what IDIC and IDIZC each add", labels: [("setting", "setting"), ("start", "method")]
    ) { group in
      ImageResults.PaperCells(accuracy: paperFigure(group.method)?.text ?? "")
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    func group(_ method: String) -> SeedGroup? { groups.first { $0.method == method } }
    let pairs = [
      ("IDIZC over neither", "idinit-centre-tap", "idinit-centre-tap-zero"),
      ("IDIC over neither", "idinit-zero", "idinit-centre-tap-zero"),
      ("IDIZC over IDIC", "idinit-centre-tap", "idinit-zero"),
      ("both over IDIZC", "idinit", "idinit-centre-tap"), ("both over IDIC", "idinit", "idinit-zero"),
    ]
    let confidence = Confidence(comparisons: pairs.count)
    let spread = SeedGroup.accuracySpread(groups)
    let comparisons = pairs.compactMap { what, better, worse -> (what: String, result: Comparison)? in
      guard let better = group(better), let worse = group(worse) else { return nil }
      return (what, better.compared(with: worse, spread, confidence))
    }
    guard comparisons.count == pairs.count else { return Verdict(.notJudged, "not all four settings were run") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    let sentences = comparisons.map { "\($0.what): \($0.result.text)" }
    return Verdict(
      signs: comparisons.map(\.result.sign), expected: pairs.count,
      reason: "\(sentences.joined(separator: "; ")) (\(confidence.text(spread)))")
  }
}
