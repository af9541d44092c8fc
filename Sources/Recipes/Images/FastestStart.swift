import Lab

/// Whether IDInit gets to the target accuracy before every other start, and ends no less accurate than Kaiming, in one
/// variant of an experiment.
struct FastestStart {
  /// 1: yes, beyond the uncertainty; −1: no, beyond it; 0: it cannot be told.
  let sign: Int
  /// The figures, in a sentence.
  let text: String

  /// Nil where IDInit or every other start is missing.
  init?(_ groups: [SeedGroup], variant: String, runs: [FinishedRun]) {
    let groups = groups.filter { $0.label("variant") == variant }
    let others = groups.filter { $0.method != "idinit" }
    guard let idinit = groups.first(where: { $0.method == "idinit" }), !others.isEmpty else { return nil }
    let (key, percent) = ImageResults.target(of: runs)
    guard let ours = Self.epochs(idinit, key) else {
      sign = others.contains { Self.epochs($0, key) != nil } ? -1 : 0
      text = "\(variant): IDInit does not reach \(percent) % from every seed"
      return
    }
    // What a number of epochs is uncertain by is known where there are several seeds, and taken for all.
    let deviations = groups.compactMap { Self.epochs($0, key)?.deviation }
    let deviation = (deviations.reduce(0) { $0 + $1 * $1 } / Double(max(1, deviations.count))).squareRoot()
    var faster = true
    var slower: [String] = []
    var fastest: (method: String, epochs: Double)?
    for other in others {
      guard let theirs = Self.epochs(other, key), let mean = theirs.mean, let own = ours.mean else { continue }
      if mean < fastest?.epochs ?? .infinity { fastest = (other.method, mean) }
      let error = deviation * (1 / Double(ours.count) + 1 / Double(theirs.count)).squareRoot()
      // Whole epochs: less than one cannot be told apart.
      if own - mean > max(2 * error, 1) { slower.append(other.method) }
      if !(mean - own > 2 * error) || deviations.isEmpty { faster = false }
    }
    func number(_ value: Double?) -> String {
      NumberText.fixed(value ?? .nan, digits: value == value?.rounded() ? 0 : 1)
    }
    var text = "\(variant): \(percent) % after \(number(ours.mean)) epochs"
    if let fastest { text += ", the fastest other start, \(fastest.method), after \(number(fastest.epochs))" }
    if !slower.isEmpty { text += " (\(slower.joined(separator: ", ")) clearly sooner)" }
    var accuracySign = 0
    if let kaiming = others.first(where: { $0.method == "kaiming" }), let result = idinit.compared(with: kaiming) {
      accuracySign = result.sign
      text += "; accuracy against Kaiming \(result.text)"
    }
    self.text = text
    sign = accuracySign < 0 || !slower.isEmpty ? -1 : faster ? 1 : 0
  }

  /// Nil unless every seed got there.
  private static func epochs(_ group: SeedGroup, _ key: String) -> Statistics? {
    let values = group.values(key)
    return values.isEmpty || values.count < group.runs.count ? nil : Statistics(values)
  }
}
