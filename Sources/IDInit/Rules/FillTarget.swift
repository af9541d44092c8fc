#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

/// The piece of storage that a rule writes: elements `range` of a weight of this geometry, whole or a block of rows.
struct FillTarget {
  /// Points to element `range.lowerBound`.
  let base: UnsafeMutableRawPointer
  let type: ElementType
  let range: Range<Int>
  let geometry: WeightGeometry
  let stream: RandomStream
  let threads: Int

  /// The rows of the whole weight that are written. Rows draw by their place in the whole.
  var selection: RowSelection { geometry.selection ?? RowSelection(0..<geometry.wholeRows) }

  /// Calls `body` with contiguous pieces of the storage that together are the geometry's elements within the range,
  /// on several threads.
  @inline(__always)
  func forEachPiece(minimum: Int, _ body: (Range<Int>) -> Void) {
    guard let rows = geometry.selection, geometry.isMatrix else {
      Parallel.forEach(range, threads: threads, alignment: 64, minimum: minimum, body)
      return
    }
    // The storage as [outer, out axis, inner]: a selection is its runs for each outer index. Of a stack of transposed
    // matrices the outer indices are those of one matrix.
    let outSize = max(geometry.size(geometry.outAxis), 1)
    let inner = geometry.strides[geometry.outAxis]
    let isStack = geometry.isTransposed && geometry.groups > 1
    let outer = isStack ? geometry.channels : geometry.elementCount / (outSize * inner)
    let (matrix, firstRow) = isStack ? rows.start.quotientAndRemainder(dividingBy: outSize) : (0, rows.start)
    func run(_ index: Int) -> Range<Int> {
      let (block, number) = index.quotientAndRemainder(dividingBy: rows.count)
      let start = ((matrix * outer + block) * outSize + firstRow + number * rows.stride) * inner
      return (start..<(start + rows.chunk * inner)).clamped(to: range)
    }
    if outer == 1, rows.count == 1 {
      Parallel.forEach(run(0), threads: threads, alignment: 64, minimum: minimum, body)
    } else {
      let runs = 0..<(outer * rows.count)
      Parallel.forEach(runs, threads: threads, minimum: max(1, minimum / max(1, rows.chunk * inner))) { part in
        for index in part {
          let piece = run(index)
          if !piece.isEmpty { body(piece) }
        }
      }
    }
  }

  /// Writes zeros.
  func zero() {
    forEachPiece(minimum: 1 << 18) { piece in
      memset(place(piece.lowerBound), 0, piece.count * type.byteCount)
    }
  }

  /// Writes what the sampler gives for each element, by its offset in the storage of the whole weight.
  @inline(__always)
  func fill(_ sampler: some ElementSampler) {
    forEachPiece(minimum: 1 << 14) { piece in
      sampler.write(place(piece.lowerBound), as: type, piece, stream)
    }
  }

  /// Address of the element at `offset`, which must lie in the range.
  @inline(__always)
  func place(_ offset: Int) -> UnsafeMutableRawPointer {
    base + (offset &- range.lowerBound) &* type.byteCount
  }

  /// Rounds `value` to the element type and writes it at `offset`, if that lies in the range.
  @inline(__always)
  func store(_ value: Double, at offset: Int) {
    guard range.contains(offset) else { return }
    let place = place(offset)
    switch type {
    case .float32: place.storeBytes(of: Float(rounding: value), as: Float.self)
    case .float64: place.storeBytes(of: value, as: Double.self)
    case .float16: place.storeBytes(of: Half(rounding: value).bitPattern, as: UInt16.self)
    case .bfloat16: place.storeBytes(of: BFloat16(rounding: value).bitPattern, as: UInt16.self)
    }
  }

  /// Writes zeros, then calls `body` with parts of the rows, to write what is not zero. Where a row is one run of the
  /// storage both happen in one pass.
  @inline(__always)
  func zeroThenRows(_ body: (Range<Int>) -> Void) {
    guard geometry.isMatrix, geometry.outAxis == 0, geometry.columns > 0 else {
      zero()
      forEachRows(minimum: 4096, body)
      return
    }
    let columns = geometry.columns
    let selection = selection
    forEachRows(minimum: max(1, (1 << 18) / columns)) { rows in
      selection.forEachRun(in: rows) { part in
        let first = selection[part.lowerBound] * columns
        let run = (first..<(first + part.count * columns)).clamped(to: range)
        memset(place(run.lowerBound), 0, run.count * type.byteCount)
      }
      body(rows)
    }
  }

  /// Calls `body` with parts of the rows that may have elements in the range, on several threads.
  @inline(__always)
  func forEachRows(minimum: Int, _ body: (Range<Int>) -> Void) {
    var rows = 0..<geometry.rows
    if geometry.isMatrix, geometry.outAxis == 0, geometry.columns > 0 {
      // A row is one run of `columns` elements.
      let columns = geometry.columns
      let first = selection.rows(before: range.lowerBound / columns)
      let end = selection.rows(before: (range.upperBound + columns - 1) / columns)
      rows = rows.clamped(to: first..<max(first, end))
    }
    Parallel.forEach(rows, threads: threads, minimum: minimum, body)
  }
}
