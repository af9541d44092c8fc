// libFuzzer's entry for the safetensors reader. Compiled by scripts/fuzz/safetensors together with the reader's
// sources, into one module; not part of the package.

/// What must hold for any bytes at all: they are refused with a one-line error, or read into tensors that lie within
/// the file one after the other, and writing what was read gives a header that reads as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  let header: SafetensorsHeader
  do {
    let prefix = UnsafeRawBufferPointer(rebasing: bytes.prefix(8))
    let length = try SafetensorsHeader.length(prefix: prefix, fileSize: count)
    let json = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + length])
    header = try SafetensorsHeader(parsing: json, fileSize: count)
    precondition(8 + length + header.dataByteCount == count, "bytes that belong to no tensor")
  } catch {
    let text = SafetensorsError(path: "f", problem: error).description
    precondition(!text.utf8.contains(0x0A), "an error of more than one line")
    return 0
  }
  var end = 0
  for tensor in header.tensors {
    precondition(tensor.dataRange.lowerBound == end, "a hole or an overlap")
    precondition(tensor.dtype.byteCount(shape: tensor.shape) == tensor.byteCount, "a size that is not the shape's")
    end = tensor.dataRange.upperBound
  }
  do {
    let written = try SafetensorsHeader(
      layingOut: header.tensors.map { ($0.name, $0.dtype, $0.shape) }, metadata: header.metadata)
    let encoded = try written.encoded()
    let read = try encoded.withUnsafeBytes {
      try SafetensorsHeader(
        parsing: UnsafeRawBufferPointer(rebasing: $0[8...]), fileSize: encoded.count + written.dataByteCount)
    }
    precondition(read == written, "what was written does not read as the same")
  } catch SafetensorsError.Problem.badName {
    // A name that we read but would not write.
  } catch {
    preconditionFailure("what was read cannot be written: \(error)")
  }
  return 0
}
