/// Which known name somebody may have meant.
enum NearestName {
  /// The known name nearest to `name` by edits, if it is near enough to be worth proposing. A name that ends a known
  /// dotted name (`learningRate` for `optimizer.learningRate`) is near.
  static func of(_ name: String, among known: [String]) -> String? {
    let lower = name.lowercased()
    if let ending = known.first(where: { $0.lowercased() == lower || $0.lowercased().hasSuffix("." + lower) }) {
      return ending
    }
    let last = lower.split(separator: ".").last.map(String.init) ?? lower
    var best: (name: String, distance: Int)?
    for candidate in known {
      let whole = distance(lower, candidate.lowercased())
      let tail = distance(last, candidate.lowercased().split(separator: ".").last.map(String.init) ?? "") + 1
      let nearer = min(whole, tail)
      if nearer < best?.distance ?? Int.max { best = (candidate, nearer) }
    }
    guard let best, best.distance <= max(2, name.count / 3) else { return nil }
    return best.name
  }

  /// Damerau-Levenshtein distance with adjacent transpositions.
  static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    var beforeLast = [Int]()
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
