import Lab

/// What two groups of runs differ by.
struct Difference {
  var value: Double
  /// By how much the variance between seeds enters that of the difference: 1/n + 1/m for two means over n and m seeds.
  var seeds: Double
  /// The variance of what does not shrink with the number of seeds: of a finite test set.
  var shared = 0.0
  /// What a difference must exceed whatever its error is: of whole epochs 1.
  var least = 0.0
}

/// When a difference counts as clear: the one rule of all verdicts on trainings with seeds.
///
/// Were there no difference at all, a verdict would find one, in any of its comparisons, in at most 5 % of experiments:
/// each comparison has the level 5 % / their number (Bonferroni). What seeds are uncertain by is one standard deviation
/// pooled over the experiment's groups, with Student's t of its degrees of freedom; what the test set is uncertain by is
/// known (binomial), with the normal quantile. The limits of the two add as errors do.
struct Confidence {
  static let level = 0.05

  /// How many a verdict makes.
  let comparisons: Int

  /// The standard error of a difference, and how large it must be to be clear.
  func judged(_ difference: Difference, _ spread: SeedSpread) -> (error: Double, limit: Double) {
    let level = Self.level / Double(max(1, comparisons))
    let ofSeeds = spread.deviation * spread.deviation * difference.seeds
    let t = StudentT.limit(level, degrees: spread.degrees)
    let z = StudentT.limit(level, degrees: nil)
    return (
      (ofSeeds + difference.shared).squareRoot(),
      max((t * t * ofSeeds + z * z * difference.shared).squareRoot(), difference.least)
    )
  }

  /// For the end of a verdict's reason.
  ///
  /// - Parameter spread: The experiment's; nil where nobody knows what seeds are uncertain by.
  /// - Returns: When a difference is clear, or why none is.
  func text(_ spread: SeedSpread?) -> String {
    guard spread != nil else { return "nothing is clear: no start finished from two seeds" }
    return "clear: at 5 % for \(comparisons == 1 ? "the one comparison" : "all \(comparisons) comparisons together")"
  }
}

/// How two groups of runs compare.
struct Comparison {
  /// 1: the first is clearly larger; −1: clearly smaller; 0: neither, or nobody knows what seeds are uncertain by.
  var sign: Int
  /// "+0.42 points, standard error 0.17, clear from 0.51".
  var text: String
  /// Whether there is a difference; else the text says why there is none.
  var isMeasured = true

  init(sign: Int, text: String, isMeasured: Bool = true) {
    self.sign = sign
    self.text = text
    self.isMeasured = isMeasured
  }

  /// Of two accuracies. Nil for `spread` says that no group of the experiment has two seeds.
  init(points difference: Difference, _ spread: SeedSpread?, _ confidence: Confidence) {
    func points(_ value: Double) -> String { NumberText.fixed(abs(value) * 100, digits: 2) }
    text = "\(difference.value < 0 ? "−" : "+")\(points(difference.value)) points"
    guard let spread else {
      sign = 0
      return
    }
    let (error, limit) = confidence.judged(difference, spread)
    sign = difference.value > limit ? 1 : difference.value < -limit ? -1 : 0
    text += ", standard error \(points(error)), clear from \(points(limit))"
  }
}

extension Verdict {
  /// On starts with one seed each: nobody knows what another seed would have given.
  ///
  /// - Parameter groups: All that was run.
  /// - Returns: Nil where a start has several seeds.
  static func ofOneSeed(_ groups: [SeedGroup]) -> Verdict? {
    groups.allSatisfy { $0.runs.count == 1 } ? Verdict(.notJudged, "one seed each") : nil
  }

  /// What comparisons say together.
  ///
  /// - Parameters:
  ///   - signs: 1 for what supports the claim, −1 for what contradicts it, 0 for what is not clear.
  ///   - expected: How many the claim is about; with fewer it is not seen.
  ///   - reason: The figures.
  ///   - points: The figures, a sentence each.
  init(signs: [Int], expected: Int, reason: String, points: [String] = []) {
    let status: Status =
      if signs.contains(where: { $0 < 0 }) {
        .refuted
      } else if signs.count >= expected, signs.allSatisfy({ $0 > 0 }) {
        .confirmed
      } else {
        .notSeen
      }
    self.init(status, reason, points: points)
  }
}
