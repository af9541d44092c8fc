/// Some rows of a weight's matrix in a regular pattern: `count` runs of `chunk` neighbouring rows, each run `stride`
/// rows after the one before, the first at `start`.
///
/// One run is a block (Q, K and V one after the other). Several runs are a matrix whose rows lie between those of
/// others: GPT-NeoX stores Q, K and V head by head, so that with `H` heads of `d` outputs the queries are `H` runs of
/// `d` rows, `3d` apart.
public struct RowSelection: Hashable, Sendable, Codable {
  /// The first row.
  public var start: Int
  /// Rows of one run.
  public var chunk: Int
  /// Rows from the start of one run to the start of the next; `chunk` where there is only one run.
  public var stride: Int
  /// Number of runs.
  public var count: Int

  /// `count` runs of `chunk` rows, `stride` apart. Runs that touch are one run.
  public init(start: Int, chunk: Int, stride: Int, count: Int) {
    let isOneRun = count <= 1 || stride == chunk
    let (rows, overflow) = chunk.multipliedReportingOverflow(by: count)
    self.start = start
    self.chunk = isOneRun && !overflow ? rows : chunk
    self.stride = isOneRun && !overflow ? rows : stride
    self.count = isOneRun && !overflow ? Swift.min(count, 1) : count
  }

  /// Neighbouring rows.
  public init(_ rows: Range<Int>) {
    self.init(start: rows.lowerBound, chunk: rows.count, stride: rows.count, count: 1)
  }

  /// Rows altogether.
  public var rows: Int { chunk &* count }

  /// The last row; `start` if there are none.
  var last: Int { rows == 0 ? start : self[rows &- 1] }

  /// The rows as a range, if they are neighbours; nil if there are several runs.
  public var range: Range<Int>? { count <= 1 ? start..<(start &+ rows) : nil }

  /// The runs of neighbouring rows, in their order.
  public var runs: [Range<Int>] {
    (0..<Swift.max(count, 0)).map { run in
      let first = start &+ run &* stride
      return first..<first &+ Swift.max(chunk, 0)
    }
  }

  /// The row of the whole weight that is row `row` of this selection.
  @inline(__always)
  public subscript(row: Int) -> Int {
    if count <= 1 { return start &+ row }
    let (run, place) = row.quotientAndRemainder(dividingBy: chunk)
    return start &+ run &* stride &+ place
  }

  /// A number of rows to start drawing from where the matrix is drawn as a whole: parts that share a period of
  /// `stride` rows draw from disjoint stretches of the stream, and a block from its own rows.
  var firstDraw: Int { start &* Swift.max(count, 1) }

  /// How many selected rows come before row `row` of the whole weight.
  func rows(before row: Int) -> Int {
    let distance = row - start
    guard distance > 0, chunk > 0 else { return 0 }
    if count <= 1 { return Swift.min(distance, chunk) }
    let (run, place) = distance.quotientAndRemainder(dividingBy: stride)
    return run >= count ? rows : run * chunk + Swift.min(place, chunk)
  }

  /// The selected rows among the rows `range` of the whole weight; nil if there are none or they make no pattern.
  func within(_ range: Range<Int>) -> RowSelection? {
    var marked = [Bool](repeating: false, count: range.count)
    for row in rows(before: range.lowerBound)..<rows(before: range.upperBound) {
      marked[self[row] - range.lowerBound] = true
    }
    guard var found = RowSelection(marked: marked) else { return nil }
    found.start += range.lowerBound
    return found
  }

  /// Calls `body` with each run of neighbouring rows among the selected rows `part` (counted within the selection).
  @inline(__always)
  func forEachRun(in part: Range<Int>, _ body: (_ part: Range<Int>) -> Void) {
    guard count > 1 else { return body(part) }
    var first = part.lowerBound
    while first < part.upperBound {
      let end = Swift.min(part.upperBound, (first / chunk + 1) * chunk)
      body(first..<end)
      first = end
    }
  }

  /// Throws unless the runs are apart and lie within `wholeRows` rows.
  func validate(wholeRows: Int, _ subject: String) throws(RuleError) {
    func fail(_ message: String) -> RuleError { RuleError(.geometry, subject, message) }
    let text = "\(count) runs of \(chunk) rows, \(stride) apart from row \(start) on,"
    guard chunk >= 0, count >= 0, count <= 1 || (chunk >= 1 && stride > chunk) else {
      throw fail(text + " are no selection of rows")
    }
    let (last, overflow) = stride.multipliedReportingOverflow(by: Swift.max(count - 1, 0))
    let (length, overflowed) = last.addingReportingOverflow(chunk)
    guard start >= 0, !overflow, !overflowed, start <= wholeRows, length <= wholeRows - start else {
      throw fail((range.map { "rows \($0)" } ?? text) + " lie outside the \(wholeRows) outputs")
    }
  }

  /// The selection that holds just the marked rows; nil if they make no regular pattern, or are none.
  init?(marked: [Bool]) {
    var runs: [Range<Int>] = []
    var row = 0
    while let first = marked[row...].firstIndex(of: true) {
      let end = marked[first...].firstIndex(of: false) ?? marked.count
      runs.append(first..<end)
      row = end
    }
    guard let first = runs.first else { return nil }
    let stride = runs.count > 1 ? runs[1].lowerBound - first.lowerBound : first.count
    for (index, run) in runs.enumerated() {
      guard run.count == first.count, run.lowerBound == first.lowerBound + index * stride else { return nil }
    }
    self.init(start: first.lowerBound, chunk: first.count, stride: stride, count: runs.count)
  }
}
