// libFuzzer's entry for the reader of PyTorch programs. Compiled by scripts/fuzz/exported-program together with the
// reader's sources, into one module; not part of the package.

import IDInit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What must hold for any bytes at all: they are refused with a one-line error, or read into a graph in which nothing
/// is used before it is there, and into tensors that can be read from end to end.
///
/// Checksums and the directory of a zip archive keep a fuzzer out, so the first byte chooses: 0, the rest is a whole
/// archive; anything else, the rest is a program's text and, after a NUL, a weights' configuration, around which a
/// sound archive is built.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExportedProgram(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  let bytes = first == 0 ? Array(input.dropFirst()) : archive(around: input.dropFirst())
  let path = scratchFile(bytes)
  do {
    check(try ExportedProgram(path: path))
  } catch {
    let text = error.description
    precondition(!text.utf8.contains(0x0A), "an error of more than one line")
    precondition(text.hasPrefix(path), "an error without the file")
    precondition(text.utf8.count < 4096, "an error without end")
  }
  return 0
}

private func check(_ program: ExportedProgram) {
  let graph = program.graph
  for node in graph.nodes {
    guard let first = node.outputs.min() else { preconditionFailure("a node without results") }
    for id in node.inputs { precondition(id < first, "a value is used before it is there") }
  }
  for id in graph.outputs { precondition(graph.values.indices.contains(id.index), "an output that is nothing") }
  precondition(Set(graph.values.map(\.name)).count == graph.values.count, "two values of one name")

  let names = Set(program.tensors.map(\.name))
  for tensor in program.tensors {
    if let original = tensor.tiedTo { precondition(names.contains(original) && original != tensor.name, "a loose tie") }
    guard tensor.storage == .values else { continue }
    let width = tensor.dtype.byteCount
    let piece = min(tensor.count, 4096)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * width, alignment: 16)
    defer { buffer.deallocate() }
    do {
      for range in [0..<piece, tensor.count - piece..<tensor.count] {
        try program.read(tensor, range: range, into: buffer)
      }
    } catch {
      precondition(!error.description.utf8.contains(0x0A), "an error of more than one line")
    }
  }
  for (alias, original) in graph.ties {
    precondition(alias != original && graph.ties[original] == nil, "a tie to an alias")
  }
}

// MARK: Archives

/// An archive of PyTorch's layout with a program's text, a weights' configuration and two storages.
private func archive(around input: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let configuration = parts.count > 1 ? Array(parts[1]) : Array("{\"config\":{}}".utf8)
  let members: [(name: String, data: [UInt8])] = [
    ("m/data/weights/weight_0", (0..<64).map { UInt8($0) }), ("m/data/weights/weight_1", []),
    ("m/data/weights/model_weights_config.json", configuration), ("m/models/model.json", Array(parts[0])),
    ("m/archive_format", Array("pt2".utf8)), ("m/archive_version", Array("0".utf8)),
  ]
  var bytes: [UInt8] = []
  var directory: [UInt8] = []
  for (name, data) in members {
    let common =
      number(0, 2) + number(0, 2) + number(0, 4) + number(Int(data.withUnsafeBytes { CRC32.checksum($0) }), 4)
      + number(data.count, 4) + number(data.count, 4) + number(name.utf8.count, 2) + number(0, 2)
    directory += number(0x0201_4B50, 4) + number(0, 2) + number(0, 2) + common + number(0, 10)
    directory += number(bytes.count, 4) + Array(name.utf8)
    bytes += number(0x0403_4B50, 4) + number(0, 2) + common + Array(name.utf8) + data
  }
  let end = number(0x0605_4B50, 4) + number(0, 4) + number(members.count, 2) + number(members.count, 2)
  return bytes + directory + end + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
}

private func number(_ value: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> min(63, 8 * $0)) }
}

/// One file for all inputs; in memory and without a name where the system has such things.
private let scratch: (path: String, descriptor: Int32) = {
  #if os(Linux)
    let path = "/dev/shm/idinit-fuzz-\(getpid())"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unlink(path)
    return ("/proc/self/fd/\(descriptor)", descriptor)
  #else
    let path = "/tmp/idinit-fuzz-\(getpid())"
    return (path, open(path, O_RDWR | O_CREAT, 0o600))
  #endif
}()

private func scratchFile(_ bytes: [UInt8]) -> String {
  precondition(ftruncate(scratch.descriptor, off_t(bytes.count)) == 0, "no scratch file")
  let written = bytes.withUnsafeBytes { pwrite(scratch.descriptor, $0.baseAddress, $0.count, 0) }
  precondition(written == bytes.count, "no scratch file")
  return scratch.path
}
