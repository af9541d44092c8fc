/// Suggestions for misspelt names.
enum Spelling {
  /// The nearest of `known` to `word`, if it is near enough to be meant: at most a third of its letters differ.
  static func nearest(to word: String, among known: [String]) -> String? {
    let ranked = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    guard let (name, distance) = ranked, distance <= max(1, name.count / 3) else { return nil }
    return name
  }

  /// Insertions, deletions, replacements and swaps of neighbours ("optimal string alignment").
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, rows[i][j + 1] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
