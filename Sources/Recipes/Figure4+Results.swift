import Lab

extension Figure4 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    func whole(_ title: String, _ cell: String) -> ResultTable.Column {
      .number(title, cell) { NumberText.fixed($0, digits: 0) }
    }
    return ResultTable(
      title: "Figure 4: rank of the middle weight's residual component after training",
      columns: [
        .text("activation", "activation"), .text("first weight", "method"), .text("condition", "variant"),
        whole("seed", "seed"), whole("D_0", "inputs"), whole("D_h", "hiddenWidth"), whole("steps", "step"),
        whole("rank(W−I)", "residualRank"), whole("torch's tol.", "residualRankDefault"), whole("rank(W)", "rank"),
        .number("loss", "loss") { ProgressText.short($0) },
      ],
      rows: runs.map { $0.labels.appending(["status": .string($0.status.rawValue)]).appending($0.results) },
      notes: [
        "Ranks over training are in each record's metrics.jsonl.",
        "Where identities are stacked, hidden units j and j + D_0 start equal and, but for those that the last layer reads "
          + "(one a class), get equal gradients: replicas stay replicas, and the rank can exceed D_0 by no more than "
          + "the number of classes, until the looseness has grown. Without an activation every update of W "
          + "lies, on its input side, in what the first weight makes of the data.",
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    func ranks(_ activation: Activation, _ method: Method, _ variant: Variant) -> [Double] {
      runs.filter {
        $0.label("activation") == activation.rawValue && $0.label("method") == method.rawValue
          && $0.label("variant") == variant.rawValue && $0.status == .finished
      }.compactMap { $0.results.number("residualRank") }
    }
    func all(_ activation: Activation, _ method: Method) -> [Double] {
      Variant.allCases.flatMap { ranks(activation, method, $0) }
    }
    let activations = Activation.allCases.filter { activation in
      Method.allCases.allSatisfy { method in
        Variant.allCases.allSatisfy { !ranks(activation, method, $0).isEmpty }
      }
    }
    guard let inputs = runs.lazy.compactMap({ $0.results.number("inputs") }).first, !activations.isEmpty else {
      return Verdict(.notJudged, "not all six trainings of one activation were run")
    }
    func text(_ activation: Activation, _ method: Method) -> String {
      let values = Variant.allCases.map { variant in
        "\(variant.rawValue) "
          + ranks(activation, method, variant).map { NumberText.fixed($0, digits: 0) }.joined(separator: "/")
      }
      return "\(method.rawValue) \(values.joined(separator: ", "))"
    }
    let reason =
      "D_0 = \(NumberText.fixed(inputs, digits: 0)). "
      + activations.map { activation in
        "Activation \(activation.rawValue): "
          + Method.allCases.map { text(activation, $0) }.joined(separator: "; ")
      }.joined(separator: ". ")
    guard activations.allSatisfy({ all($0, .zeroPadding).allSatisfy { $0 <= inputs } }) else {
      return Verdict(.refuted, reason)
    }
    // The paper does not name the activation, so that one of them that shows it all is enough.
    let isShown = activations.contains { activation in
      let exceed = (all(activation, .identityPadding) + all(activation, .hadamard)).allSatisfy { $0 > inputs }
      let looseIsNoLower = Method.allCases.allSatisfy { method in
        (ranks(activation, method, .loose).min() ?? 0) >= (ranks(activation, method, .exact).max() ?? 0)
      }
      return exceed && looseIsNoLower
    }
    return Verdict(isShown ? .confirmed : .notSeen, reason)
  }
}
