/// The known name that a misspelt one was probably meant to be: the one with the fewest edits (insertion, deletion,
/// replacement, exchange of neighbours), if they are no more than a third of the name; or the first that goes on where
/// this one ends, after a hyphen (`table2` of `table2-resnet56`).
public func nearestName(to name: String, among known: [String]) -> String? {
  if let longer = known.first(where: { $0.hasPrefix("\(name)-") }), !name.isEmpty { return longer }
  let limit = max(1, name.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in known where abs(candidate.count - name.count) <= limit {
    let distance = editDistance(name, candidate)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// What an error asks where a name is not among the known ones.
///
/// - Returns: `did you mean 'show'?`; nil where none is near.
package func didYouMean(_ name: String, among known: [String]) -> String? {
  nearestName(to: name, among: known).map { didYouMean($0) }
}

/// The question for a name that was found in another way.
package func didYouMean(_ nearest: String) -> String { didYouMean(quoted: "'\(nearest)'") }

/// The question for a name that stands in its quotes already.
package func didYouMean(quoted nearest: String) -> String { "did you mean \(nearest)?" }

private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var beforePrevious = [Int](), previous = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
      row.append(cost)
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[b.count]
}
