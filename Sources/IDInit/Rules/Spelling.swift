/// Suggestions for misspelt names.
enum Spelling {
  /// The nearest of `known` to `word`, if it is near enough to be meant: at most a third of its letters differ.
  static func nearest(to word: String, among known: [String]) -> String? {
    let ranked = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    guard let (name, distance) = ranked, distance <= max(1, name.count / 3) else { return nil }
    return name
  }

  /// Levenshtein's distance: insertions, deletions and replacements.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (letter == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
