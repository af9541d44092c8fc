import Lab

/// Whether, in one variant of an experiment, IDInit gets to the target accuracy no later than every other start, and ends
/// no less accurate than Kaiming.
struct Table2Judgement {
  /// One for each other start's epochs, and one for Kaiming's accuracy: 1 supports the claim, −1 contradicts it.
  private(set) var signs: [Int] = []
  /// The figures, in a few sentences.
  private(set) var text: String

  private let target: (key: String, percent: String)

  /// Nil where IDInit or every other start is missing.
  init?(_ groups: [SeedGroup], variant: String, runs: [FinishedRun], confidence: Confidence) {
    let groups = groups.filter { $0.label("variant") == variant }
    let others = groups.filter { $0.method != "idinit" }
    guard let idinit = groups.first(where: { $0.method == "idinit" }), !others.isEmpty else { return nil }
    target = ImageResults.target(of: runs)
    let ours = Epochs(idinit, target.key)
    text = "With \(Table2Settings.Variant.title(variant)), IDInit \(ours.sentence(to: target.percent))."
    let spread = SeedSpread(
      groups.map { Epochs($0, target.key) }.filter(\.isReached).map(\.values))
    var judged: [Int: [String]] = [:]
    for other in others {
      let theirs = Epochs(other, target.key)
      let sign = Self.sign(ours, theirs, spread, confidence)
      signs.append(sign)
      judged[sign, default: []].append("\(other.method) (\(theirs.text)\(other.runs.count == 1 ? ", one seed" : ""))")
    }
    for (sign, what) in [(-1, "Clearly sooner"), (0, "Not clear"), (1, "No sooner")] {
      if let starts = judged[sign] { text += " \(what): \(starts.joined(separator: ", "))." }
    }
    guard let kaiming = others.first(where: { $0.method == "kaiming" }) else { return }
    let accuracySpread = SeedGroup.accuracySpread(groups)
    let accuracy = idinit.compared(with: kaiming, accuracySpread, confidence)
    // "No less accurate" is not contradicted, which is all that can be asked of accuracies that are alike.
    let isUnclear = accuracySpread == nil || idinit.diverged > 0 || kaiming.diverged > 0
    signs.append(accuracy.sign == 0 && !isUnclear ? 1 : accuracy.sign)
    let comparison = accuracy.isMeasured ? "less Kaiming's" : "cannot be compared with Kaiming's"
    text += " Its accuracy \(comparison): \(accuracy.text)."
  }

  /// 1 where being later by more than an epoch is excluded, −1 where being later is clear.
  private static func sign(_ ours: Epochs, _ theirs: Epochs, _ spread: SeedSpread?, _ confidence: Confidence) -> Int {
    // Of a start that only some seeds got there from, no mean is known.
    guard let spread, let own = ours.bound, let other = theirs.bound, ours.isReached || theirs.isReached else {
      return 0
    }
    let difference = Difference(
      value: own - other, seeds: 1 / Double(ours.count) + 1 / Double(theirs.count), least: 1)
    let limit = confidence.judged(difference, spread).limit
    // Whole epochs: one more or less cannot be told apart.
    if theirs.isReached, difference.value > limit { return -1 }
    return ours.isReached && difference.value + limit <= 1 ? 1 : 0
  }

  /// When the seeds of a start got to the target.
  private struct Epochs {
    let values: [Double]
    let count: Int
    /// The mean epoch, if all seeds got there; if none did, the epoch after the last, before which it cannot be.
    let bound: Double?
    var isReached: Bool { !values.isEmpty && values.count == count }

    init(_ group: SeedGroup, _ key: String) {
      values = group.values(key)
      count = group.runs.count
      let last = group.runs.compactMap { $0.settings["training"]?["epochs"]?.number }.first
      bound = values.count == count ? Statistics(values).mean : values.isEmpty ? last.map { $0 + 1 } : nil
    }

    /// "4.3 epochs", "never", "2 of 3 seeds".
    var text: String {
      guard isReached, let mean = bound else { return values.isEmpty ? "never" : "\(values.count) of \(count) seeds" }
      let number = NumberText.fixed(mean, digits: mean == mean.rounded() ? 0 : 1)
      return number == "1" ? "1 epoch" : "\(number) epochs"
    }

    /// "reaches 40 % after 4.3 epochs (3 seeds)".
    func sentence(to percent: String) -> String {
      if values.isEmpty { return "never reaches \(percent) % (\(count == 1 ? "one seed" : "\(count) seeds"))" }
      guard isReached else { return "reaches \(percent) % from \(text)" }
      return "reaches \(percent) % after \(text) (\(count == 1 ? "one seed" : "\(count) seeds"))"
    }
  }
}
