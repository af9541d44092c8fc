import Foundation
import Lab

extension Table2 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let depth = runs.first.map { trainedDepth($0.settings) } ?? depth
    return ImageResults.table(
      runs, title: "Table 2: \(trained(depth)) on CIFAR-10", labels: [("training", "variant"), ("start", "method")],
      paperEpochs: "paper, to 80 %"
    ) { group in
      ImageResults.PaperCells(
        accuracy: paperFigure(group.label("variant"), group.method, "accuracy")?.text ?? "",
        epochs: paperFigure(group.label("variant"), group.method, "epochs to 80 %")?.text ?? "")
    }
  }

  /// The card's title with the depth that the settings ask for.
  public static func title(of settings: JSONValue) -> String {
    card.title.replacingOccurrences(of: "ResNet-\(depth)", with: trained(trainedDepth(settings)))
  }

  private static func trainedDepth(_ settings: JSONValue) -> Int {
    settings["network"]?["depth"]?.number.flatMap { Int(exactly: $0) } ?? depth
  }

  /// "ResNet-20 (in the paper ResNet-56)".
  private static func trained(_ depth: Int) -> String {
    "ResNet-\(depth)" + (depth == self.depth ? "" : " (in the paper ResNet-\(self.depth))")
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
    var points = judged.map(\.text)
    let missing = zip(variants, others).flatMap { variant, methods in
      methods.filter { method in !groups.contains { $0.label("variant") == variant && $0.method == method } }
        .map { "\($0) with \(Table2Settings.Variant.title(variant))" }
    }
    if !missing.isEmpty { points.append("Not run: \(missing.sorted().joined(separator: ", ")).") }
    return Verdict(
      signs: judged.flatMap(\.signs), expected: expected,
      reason: "How soon each start reaches \(ImageResults.target(of: runs).percent) %, and how accurate IDInit ends "
        + "(\(confidence.text(SeedGroup.accuracySpread(groups))))",
      points: points)
  }
}
