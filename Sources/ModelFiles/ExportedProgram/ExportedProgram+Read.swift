import IDInit

extension ExportedProgram {
  /// Copies a run of a tensor's elements, in row-major order whatever their order in the file.
  ///
  /// The run that begins a tensor checks the checksum of its storage, all of it: who reads a tensor, at once or piece by
  /// piece, does not get damaged values unnoticed.
  ///
  /// - Parameters:
  ///   - tensor: One of ``tensors`` with storage ``StoredTensor/Storage/values``.
  ///   - range: Elements of the row-major tensor.
  ///   - buffer: As many bytes as the elements have. They are little-endian, as in the file.
  /// - Throws: ``ExportedProgramError`` for a tensor without values, a range outside of it, a buffer of another size,
  ///   and for a file that is damaged or cannot be read.
  public func read(
    _ tensor: StoredTensor, range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ExportedProgramError) {
    do throws(ExportedProgramError.Problem) {
      let place = try place(of: tensor)
      let width = tensor.dtype.byteCount
      let (expected, overflow) = range.count.multipliedReportingOverflow(by: width)
      guard range.lowerBound >= 0, range.upperBound <= tensor.count, !overflow, buffer.count == expected else {
        throw .bufferSize(
          tensor: tensor.name, range: range, count: tensor.count, expected: overflow ? Int.max : expected,
          found: buffer.count)
      }
      guard !range.isEmpty else { return }
      let storage = try storage(of: place, isChecked: range.lowerBound == 0)
      // Checked when this program was opened, but the tensor may be another one's.
      guard let end = place.end(shape: tensor.shape), end <= storage.count / width else {
        throw .tensor(tensor.name, message: "it does not fit into its storage; it is a tensor of another program")
      }
      if place.isContiguous(shape: tensor.shape) {
        let start = storage.lowerBound + (place.offset + range.lowerBound) * width
        do { try file.read(into: buffer, at: start) } catch { throw .archive(.file(error)) }
      } else {
        do {
          try file.withMappedBytes(storage) { mapping in
            gather(range, shape: tensor.shape, place, width: width, from: mapping.bytes, into: buffer)
          }
        } catch { throw .archive(.file(error)) }
      }
    } catch { throw ExportedProgramError(path: path, problem: error) }
  }

  private func place(of tensor: StoredTensor) throws(ExportedProgramError.Problem) -> StoragePlace {
    if let place = tensor.place { return place }
    switch tensor.storage {
    case .unreadable(let reason): throw .noValues(tensor: tensor.name, reason: reason)
    default: throw .noValues(tensor: tensor.name, reason: "the model was on the meta device when it was exported")
    }
  }

  /// The storage's bytes in the file.
  private func storage(
    of place: StoragePlace, isChecked: Bool
  ) throws(ExportedProgramError.Problem) -> Range<Int> {
    let name = archive.weightsFolder + place.member
    guard let member = archive.zip[name] else { throw .missingMember(name) }
    do throws(ZipProblem) {
      if isChecked { try archive.zip.withCheckedBytes(of: member) { _ throws(ZipProblem) in } }
      return try archive.zip.dataRange(of: member)
    } catch { throw .archive(error) }
  }
}

/// Copies elements that lie apart. That they lie within `bytes` was checked when the tensor was opened.
private func gather(
  _ range: Range<Int>, shape: [Int], _ place: StoragePlace, width: Int, from bytes: UnsafeRawBufferPointer,
  into buffer: UnsafeMutableRawBufferPointer
) {
  // The last axis is walked by a loop of its own, the others by their indices.
  guard let rowLength = shape.last, let rowStride = place.strides.last else { return }
  var row = range.lowerBound / rowLength
  var column = range.lowerBound % rowLength
  var written = 0
  while written < range.count {
    var start = place.offset
    var rest = row
    for axis in (0..<shape.count - 1).reversed() {
      start += rest % shape[axis] * place.strides[axis]
      rest /= shape[axis]
    }
    let count = min(rowLength - column, range.count - written)
    copy(count, from: bytes, start + column * rowStride, rowStride, width: width, into: buffer, at: written)
    written += count
    column = 0
    row += 1
  }
}

/// Copies `count` elements that stand `stride` apart.
private func copy(
  _ count: Int, from bytes: UnsafeRawBufferPointer, _ start: Int, _ stride: Int, width: Int,
  into buffer: UnsafeMutableRawBufferPointer, at position: Int
) {
  func each<T: BitwiseCopyable>(_: T.Type) {
    for index in 0..<count {
      buffer.storeBytes(
        of: bytes.loadUnaligned(fromByteOffset: (start + index * stride) * width, as: T.self),
        toByteOffset: (position + index) * width, as: T.self)
    }
  }
  switch width {
  case 1: each(UInt8.self)
  case 2: each(UInt16.self)
  case 4: each(UInt32.self)
  case 8: each(UInt64.self)
  default:
    for index in 0..<count {
      let source = bytes[(start + index * stride) * width..<(start + index * stride + 1) * width]
      UnsafeMutableRawBufferPointer(rebasing: buffer[((position + index) * width)...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
    }
  }
}
