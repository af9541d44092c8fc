/// Where the elements of a view come from in the tensor that it shows.
///
/// Each axis is a number of mixed digits, slowest first; a digit that counts up moves `stride` places in the source.
/// A whole tensor has one digit an axis. Splitting an axis splits its digit, merging two axes writes their digits one
/// after the other, so that every chain of reshapes, transposes and slices has an exact map, also one that no
/// strided tensor could have without a copy.
///
/// Two sources are described so: the storage of a parameter (strides are elements) and the outputs of a weight
/// (strides are rows; axes over which a row does not change, such as batch and position, have stride 0).
struct IndexMap: Hashable {
  struct Digit: Hashable {
    var size: Int
    var stride: Int
  }

  /// The digits of each axis, slowest first; none for an axis of size 1.
  private(set) var axes: [[Digit]]
  var offset = 0

  /// A whole tensor in row-major order.
  init(shape: [Int]) {
    axes = shape.map { _ in [] }
    var stride = 1
    for axis in shape.indices.reversed() {
      axes[axis] = shape[axis] == 1 ? [] : [Digit(size: shape[axis], stride: stride)]
      stride &*= shape[axis]
    }
  }

  /// A tensor whose axes have the given digits.
  init(axes: [[Digit]], offset: Int) {
    self.axes = axes
    self.offset = offset
  }

  func size(of axis: Int) -> Int { axes[axis].reduce(1) { $0 &* $1.size } }
  var shape: [Int] { axes.indices.map(size) }

  /// Neighbouring digits that count through one another, as one.
  static func merged(_ digits: [Digit]) -> [Digit] {
    var result: [Digit] = []
    for digit in digits where digit.size != 1 {
      if let last = result.last, last.stride == digit.stride &* digit.size {
        result[result.count - 1] = Digit(size: last.size &* digit.size, stride: digit.stride)
      } else {
        result.append(digit)
      }
    }
    return result
  }

  // MARK: Views

  /// The same elements in the same order under another shape; nil if a new axis would cut a digit unevenly.
  func reshaped(to shape: [Int]) -> IndexMap? {
    guard !shape.contains(0), !axes.joined().contains(where: { $0.size == 0 }) else { return nil }
    var digits = Array(Self.merged(Array(axes.joined())).reversed())  // the next one is the last
    var result: [[Digit]] = []
    for size in shape {
      var needed = size
      var axis: [Digit] = []
      while needed > 1 {
        guard let digit = digits.popLast() else { return nil }
        if needed.isMultiple(of: digit.size) {
          axis.append(digit)
          needed /= digit.size
        } else if digit.size.isMultiple(of: needed) {
          let rest = digit.size / needed
          axis.append(Digit(size: needed, stride: digit.stride &* rest))
          digits.append(Digit(size: rest, stride: digit.stride))
          needed = 1
        } else {
          return nil
        }
      }
      result.append(Self.merged(axis))
    }
    guard digits.isEmpty else { return nil }
    var map = self
    map.axes = result
    return map
  }

  /// The axes in another order; nil unless `order` names each once.
  func permuted(_ order: [Int]) -> IndexMap? {
    guard order.sorted() == Array(axes.indices) else { return nil }
    var map = self
    map.axes = order.map { axes[$0] }
    return map
  }

  func transposed(_ a: Int, _ b: Int) -> IndexMap? {
    guard axes.indices.contains(a), axes.indices.contains(b) else { return nil }
    var map = self
    map.axes.swapAt(a, b)
    return map
  }

  /// `count` elements of an axis from `start` on, `step` apart.
  func sliced(_ axis: Int, start: Int, count: Int, step: Int = 1) -> IndexMap? {
    guard axes.indices.contains(axis), count > 0, step > 0, start >= 0, start < size(of: axis) else { return nil }
    if start == 0, step == 1, count == size(of: axis) { return self }
    var map = self
    var digits = axes[axis]
    var (start, inner) = (start, size(of: axis))
    var kept: [Digit] = []
    while let digit = digits.first {
      inner /= digit.size
      let last = start &+ (count &- 1) &* step
      guard last >= start, last / inner < digit.size else { return nil }
      if start / inner == last / inner {
        // Within one value of this digit.
        map.offset &+= start / inner &* digit.stride
        start %= inner
        digits.removeFirst()
        if digits.isEmpty { break }
      } else if digits.count == 1 {
        map.offset &+= start &* digit.stride
        kept.append(Digit(size: count, stride: digit.stride &* step))
        break
      } else if step == 1, start.isMultiple(of: inner), count.isMultiple(of: inner) {
        map.offset &+= start / inner &* digit.stride
        kept.append(Digit(size: count / inner, stride: digit.stride))
        kept += digits.dropFirst()
        break
      } else {
        return nil
      }
    }
    map.axes[axis] = Self.merged(kept)
    return map
  }

  /// One index of an axis, which goes away.
  func selected(_ axis: Int, _ index: Int) -> IndexMap? {
    guard axes.indices.contains(axis) else { return nil }
    var map = self
    if !(axes[axis].isEmpty && index == 0) {
      guard let slice = sliced(axis, start: index, count: 1) else { return nil }
      map = slice
    }
    map.axes.remove(at: axis)
    return map
  }

  /// Axes of size 1 repeated, and new ones in front, to the given shape.
  func expanded(to shape: [Int]) -> IndexMap? {
    guard shape.count >= axes.count else { return nil }
    var map = self
    map.axes = Array(repeating: [], count: shape.count - axes.count) + axes
    for (axis, size) in shape.enumerated() where map.size(of: axis) != size {
      guard map.axes[axis].isEmpty else { return nil }
      map.axes[axis] = [Digit(size: size, stride: 0)]
    }
    return map
  }

  /// Every axis `shape[axis] / size` times over, new axes in front.
  func repeated(to shape: [Int]) -> IndexMap? {
    guard shape.count >= axes.count, !shape.contains(0) else { return nil }
    var map = self
    map.axes = Array(repeating: [], count: shape.count - axes.count) + axes
    for (axis, size) in shape.enumerated() {
      let old = map.size(of: axis)
      guard old > 0, size.isMultiple(of: old) else { return nil }
      if size > old { map.axes[axis] = Self.merged([Digit(size: size / old, stride: 0)] + map.axes[axis]) }
    }
    return map
  }
}
