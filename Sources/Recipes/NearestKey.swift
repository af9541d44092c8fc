import IDInit

/// Which known dotted key somebody may have meant.
enum NearestKey {
  /// The known key nearest to `key`, if one is near enough to be worth proposing: the whole key misspelt
  /// (`optimzer.learningRate`), its last part alone (`learningRate`), or its last part misspelt (`learningrte`).
  static func of(_ key: String, among known: [String]) -> String? {
    let lower = key.lowercased()
    if let match = known.first(where: { $0.lowercased() == lower || $0.lowercased().hasSuffix("." + lower) }) {
      return match
    }
    if let nearest = nearestName(to: key, among: known) { return nearest }
    func last(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }
    guard let tail = nearestName(to: last(key), among: known.map(last)) else { return nil }
    return known.first { last($0) == tail }
  }
}
