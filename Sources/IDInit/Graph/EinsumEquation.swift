/// The equation of a two-operand Einstein sum, its letters taken apart.
struct EinsumEquation {
  private let operands: [[Character]]
  private let result: [Character]

  /// Nil for an equation that does not fit the operands or repeats a letter within one.
  ///
  /// - Parameters:
  ///   - text: Such as `bqd,dhk->bqhk`; an ellipsis stands for as many axes as the operand has left.
  ///   - ranks: The operands' numbers of axes.
  init?(_ text: String, ranks: [Int]) {
    let sides = text.split(separator: ">", omittingEmptySubsequences: false).map { side in
      side.filter { $0 != " " && $0 != "-" }
    }
    guard (1...2).contains(sides.count) else { return nil }
    let factors = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard factors.count == ranks.count else { return nil }
    // Axes behind an ellipsis get letters that no equation has, counted from the back.
    let ellipsisRank = zip(factors, ranks).map { $1 - ($0.count - 3) }.max() ?? 0
    guard ellipsisRank <= 64 else { return nil }
    func expand(_ letters: [Character], rank: Int?) -> [Character]? {
      guard let dots = letters.firstIndex(of: ".") else {
        return rank.map { $0 == letters.count } ?? true ? letters : nil
      }
      guard dots + 2 < letters.count, letters[dots + 1] == ".", letters[dots + 2] == "." else { return nil }
      let count = rank.map { $0 - (letters.count - 3) } ?? ellipsisRank
      guard count >= 0 else { return nil }
      let hidden = (0..<count).reversed().map { Character(UnicodeScalar(UInt8(192 + $0))) }
      return Array(letters[..<dots]) + hidden + Array(letters[(dots + 3)...])
    }
    var operands: [[Character]] = []
    for (factor, rank) in zip(factors, ranks) {
      guard let letters = expand(factor, rank: rank), Set(letters).count == letters.count else { return nil }
      operands.append(letters)
    }
    if sides.count == 2 {
      guard let letters = expand(Array(sides[1]), rank: nil) else { return nil }
      result = letters
    } else {
      // Implicitly the letters that occur once, in alphabetical order.
      let all = operands.joined()
      result = all.filter { letter in all.lazy.filter { $0 == letter }.count == 1 }.sorted()
    }
    self.operands = operands
  }

  /// The axes of a weight in an equation.
  struct Axes {
    /// Axes that the weight shares with input and result: one matrix for each index.
    var stack: [Int]
    /// Its outputs, in the result's order.
    var out: [Int]
    /// Its inputs, which are summed over.
    var `in`: [Int]
    /// The result's axes of `stack` and `out`.
    var stackOutput: [Int]
    var output: [Int]
  }

  /// The axes of operand `own` if it is a weight that is applied to operand `other`.
  ///
  /// - Returns: nil if an axis of the weight is summed by itself, or if nothing is summed.
  func weight(_ own: Int, _ other: Int) -> Axes? {
    let (weight, input) = (operands[own], operands[other])
    guard weight.allSatisfy({ result.contains($0) || input.contains($0) }) else { return nil }
    func places(_ axes: [Int]) -> [Int] { axes.compactMap { weight.firstIndex(of: result[$0]) } }
    let shared = result.indices.filter { weight.contains(result[$0]) }
    let stack = shared.filter { input.contains(result[$0]) }
    let output = shared.filter { !input.contains(result[$0]) }
    let inputs = weight.indices.filter { !result.contains(weight[$0]) }
    guard !output.isEmpty, !inputs.isEmpty else { return nil }
    return Axes(stack: places(stack), out: places(output), in: inputs, stackOutput: stack, output: output)
  }
}
