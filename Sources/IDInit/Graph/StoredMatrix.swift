/// The matrix that an operand's axes make of a parameter's storage, or the stack of matrices.
struct StoredMatrix {
  /// The whole parameter.
  let geometry: WeightGeometry
  /// The rows that the operand shows, if not all.
  let rows: RowSelection?
  /// For each output axis of the operand: how its index counts rows of the whole parameter.
  let rowDigits: [[IndexMap.Digit]]
  /// Of a stack of matrices (the experts of a layer), how many there are; the rows of one come after those of another.
  private(set) var stack = 1

  private typealias Digit = IndexMap.Digit

  /// Nil if the storage is no such matrix, row-major in some order of the axes.
  ///
  /// `map` says where the operand's elements lie in the parameter's storage; of the operand's axes `out` are outputs,
  /// `inputs` inputs and `window` window positions, slowest first.
  init?(
    _ map: IndexMap, parameterShape: [Int], out: [Int], in inputs: [Int], window: [Int], groups: Int
  ) {
    guard !parameterShape.contains(where: { $0 <= 0 }) else { return nil }
    var elements = 1
    for size in parameterShape {
      let (product, overflow) = elements.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      elements = product
    }
    let outDigits = out.flatMap { map.axes[$0] }.sorted { $0.stride > $1.stride }
    guard let input = Self.one(inputs.flatMap { map.axes[$0] }), let output = Self.one(outDigits) else { return nil }
    var windows: [Digit] = []
    for axis in window {
      guard let digit = Self.one(map.axes[axis]) else { return nil }
      windows.append(digit)
    }
    // A slice along the outputs is some rows of the whole.
    let perRow = windows.reduce(input.size) { $0 &* $1.size }
    guard perRow > 0, elements.isMultiple(of: perRow) else { return nil }
    let whole = Digit(size: elements / perRow, stride: output.stride)
    let isComplete = whole.size == output.size
    guard isComplete || groups == 1 else { return nil }

    let isTransposed = out.first ?? 0 > inputs.first ?? 0
    var found: WeightGeometry?
    for order in Self.orders(window: windows.count) {
      let digits = order.map { $0 == 0 ? whole : $0 == 1 ? input : windows[$0 - 2] }
      guard Self.isDense(digits) else { continue }
      let geometry = WeightGeometry(
        shape: digits.map(\.size), outAxis: order.firstIndex(of: 0) ?? 0, inAxis: order.firstIndex(of: 1) ?? 1,
        windowAxes: windows.indices.map { order.firstIndex(of: $0 + 2) ?? 0 }, groups: groups)
      guard groups == 1 || geometry.isTransposed == isTransposed else { continue }
      if geometry.shape == parameterShape {
        found = geometry
        break
      }
      found = found ?? geometry
    }
    guard let found else { return nil }
    geometry = found

    let step = Swift.max(output.stride, 1)
    if isComplete {
      guard map.offset == 0 else { return nil }
      rows = nil
    } else {
      guard map.offset >= 0, map.offset.isMultiple(of: step), map.offset / step + output.size <= whole.size else {
        return nil
      }
      rows = RowSelection((map.offset / step)..<(map.offset / step + output.size))
    }
    let all = geometry.wholeRows
    rowDigits = out.map { axis in
      // A grouped transposed convolution counts its outputs through all groups.
      if out.count == 1, isComplete { return all == 1 ? [] : [Digit(size: all, stride: 1)] }
      return map.axes[axis].map { Digit(size: $0.size, stride: $0.stride / step) }
    }
  }

  /// A stack of linear layers, stored one after the other.
  ///
  /// Stored [count, out, in] the whole is a matrix of count · out rows; stored [count, in, out] it is like a grouped
  /// transposed convolution without a window, each group one of the matrices.
  init?(_ map: IndexMap, parameterShape: [Int], stack: [Int], out: Int, in input: Int) {
    guard map.offset == 0, !parameterShape.contains(where: { $0 <= 0 }),
      let count = Self.one(stack.flatMap { map.axes[$0] }), let output = Self.one(map.axes[out]),
      let input = Self.one(map.axes[input]), count.size > 1
    else { return nil }
    let (rows, overflow) = count.size.multipliedReportingOverflow(by: output.size)
    let (elements, overflowed) = rows.multipliedReportingOverflow(by: input.size)
    guard !overflow, !overflowed, elements == parameterShape.reduce(1, &*) else { return nil }
    if Self.isDense([count, output, input]) {
      geometry = .linear(out: rows, in: input.size)
    } else if Self.isDense([count, input, output]) {
      geometry = WeightGeometry(
        shape: [count.size &* input.size, output.size], outAxis: 1, inAxis: 0, groups: count.size)
    } else {
      return nil
    }
    self.stack = count.size
    self.rows = nil
    rowDigits =
      stack.map { axis in
        map.axes[axis].map { Digit(size: $0.size, stride: $0.stride / count.stride &* output.size) }
      } + [output.size == 1 ? [] : [Digit(size: output.size, stride: 1)]]
  }

  /// The digits as one, if they count through one another; an axis of size 1 has none.
  private static func one(_ digits: [Digit]) -> Digit? {
    let merged = IndexMap.merged(digits.sorted { $0.stride > $1.stride })
    guard merged.count <= 1 else { return nil }
    guard let digit = merged.first else { return Digit(size: 1, stride: 1) }
    return digit.stride > 0 ? digit : nil
  }

  /// Whether the digits, slowest first, count every place of the storage once.
  private static func isDense(_ digits: [Digit]) -> Bool {
    var stride = 1
    for digit in digits.reversed() {
      guard digit.size == 1 || digit.stride == stride else { return false }
      stride &*= digit.size
    }
    return true
  }

  /// The orders of the axes 0 (outputs), 1 (inputs), 2… (window) in which weights are stored, the usual ones first.
  private static func orders(window count: Int) -> [[Int]] {
    let window = Array(2..<(2 + count))
    let usual = [[0, 1] + window, [1, 0] + window]
    return count == 0 ? usual : usual + [[0] + window + [1], [1] + window + [0], window + [1, 0], window + [0, 1]]
  }
}
