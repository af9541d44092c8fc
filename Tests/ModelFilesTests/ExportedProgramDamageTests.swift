import Foundation
import IDInit
import TestSupport
import Testing

@testable import ModelFiles

/// What damage does: a file is refused in one line, or read as if nothing had happened to it.
struct ExportedProgramDamageTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a file cut at any byte is refused")
  func truncation() throws {
    let path = try folder.write(try bytesOf(ProgramFixture.path("in-place")), to: "cut.pt2")
    let size = try bytesOf(path).count
    var kinds = Set<String>()
    for length in stride(from: size - 1, through: 0, by: -1) {
      guard truncate(path, off_t(length)) == 0 else { throw FileError(path, .write) }
      do throws(ExportedProgramError) {
        _ = try ExportedProgram(path: path)
        Issue.record("read at \(length) bytes")
      } catch {
        kinds.insert(String(error.description.dropFirst(path.utf8.count + 2).prefix(16)))
      }
    }
    // Without its end; cut behind the example inputs, which are a zip archive of their own; one to three bytes; none.
    let expected = ["a zip archive wi", "the zip64 record", "this is a text f", "this is no PyTor", "the file is empt"]
    #expect(kinds == Set(expected))
  }

  @Test("a bit flipped in a small archive is refused, or changes neither the graph nor a tensor's place")
  func flips() throws {
    let text = ProgramText()
    let (refused, read) = try flip(text.bytes, 0..<text.bytes.count, bits: [0, 3, 7])
    // All of the program's text is under a checksum.
    #expect(refused > 3 * text.json.utf8.count)
    // Values (until they are read), padding and times are not.
    #expect(read > 3 * 36)
  }

  @Test("a bit flipped in a tensor's values is found when they are read")
  func valueFlips() throws {
    let bytes = ProgramText().bytes
    let path = try folder.write(bytes, to: "values.pt2")
    let program = try ExportedProgram(path: path)
    let tensor = try #require(program.tensors.first { $0.place != nil })
    let member = try #require(program.archive.zip[program.archive.weightsFolder + (tensor.place?.member ?? "")])
    let range = try program.archive.zip.dataRange(of: member)
    var values = [UInt8](repeating: 0, count: tensor.count * tensor.dtype.byteCount)
    func read() throws {
      try values.withUnsafeMutableBytes { try program.read(tensor, range: 0..<tensor.count, into: $0) }
    }
    try read()
    let descriptor = Foundation.open(path, O_WRONLY)
    defer { close(descriptor) }
    for position in range {
      try write(bytes[position] ^ 0x10, at: position, descriptor)
      let error = #expect(throws: ExportedProgramError.self) { try read() }
      #expect(error?.problem == .archive(.checksum(member.name)))
      try write(bytes[position], at: position, descriptor)
    }
    #expect(!range.isEmpty)
    try read()
  }

  @Test("a byte flipped in the directory that PyTorch wrote is refused, or changes nothing")
  func directoryFlips() throws {
    let bytes = try bytesOf(ProgramFixture.path("in-place"))
    let directory = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    let (refused, read) = try flip(bytes, directory..<bytes.count, bits: [5])
    #expect(refused > 150 && read > 150)
  }

  private func flip(_ bytes: [UInt8], _ range: Range<Int>, bits: [Int]) throws -> (refused: Int, read: Int) {
    let path = try folder.write(bytes, to: "flip.pt2")
    let sound = try ExportedProgram(path: path)
    let descriptor = Foundation.open(path, O_WRONLY)
    defer { close(descriptor) }
    var (refused, read) = (0, 0)
    for position in range {
      for bit in bits {
        try write(bytes[position] ^ 1 << UInt8(bit), at: position, descriptor)
        do throws(ExportedProgramError) {
          let program = try ExportedProgram(path: path)
          read += 1
          if program.graph != sound.graph || program.tensors != sound.tensors {
            Issue.record("byte \(position), bit \(bit): read as something else")
          }
        } catch {
          refused += 1
          if error.description.utf8.contains(0x0A) || !error.description.hasPrefix(path) {
            Issue.record("byte \(position), bit \(bit): \(error)")
          }
        }
      }
      try write(bytes[position], at: position, descriptor)
    }
    return (refused, read)
  }

  private func write(_ byte: UInt8, at position: Int, _ descriptor: Int32) throws {
    guard withUnsafeBytes(of: byte, { pwrite(descriptor, $0.baseAddress, 1, off_t(position)) }) == 1 else {
      throw FileError("flip.pt2", .write)
    }
  }

  @Test("a chain of many nodes is read in one go; more than the limit is refused with a number")
  func manyNodes() throws {
    let count = 20_000
    var text = ProgramText()
    text.nodes = (0..<count).map { index in
      ProgramText.node(
        "aten.relu.default", [index == 0 ? "x" : "v\(index - 1)"], index == count - 1 ? "y" : "v\(index)")
    }
    text.tensors += (0..<count - 1).map { ("v\($0)", "[]") }
    let json = text.json
    let program = try ExportedProgram(path: try folder.write(text.bytes, to: "long.pt2"))
    #expect(program.graph.nodes.count == count)
    #expect(program.graph.outputs.map(program.graph.name) == ["y"])
    let problem = #expect(throws: JSONScanner.Problem.self) {
      try Array(json.utf8).withUnsafeBytes { raw in
        let mapping = MappedBytes(raw)
        return try GraphReader.read(mapping, ProgramDocument(mapping), nodeLimit: count - 1)
      }
    }
    #expect(problem?.message == "more than 19999 nodes, which is the most that are read")
  }

  @Test("a member with more values than bytes, and numbers without end, cost nothing")
  func amplification() throws {
    // 2^40 elements of a broadcast scalar: an honest view of four bytes, which nobody has to write out.
    var text = ProgramText()
    text.tensors[0].sizes = #"[{"as_int":1048576},{"as_int":1048576}]"#
    text.weights[0].sizes = text.tensors[0].sizes
    text.weights[0].strides = #"[{"as_int":0},{"as_int":0}]"#
    let program = try ExportedProgram(path: try folder.write(text.bytes, to: "wide.pt2"))
    var four = [UInt8](repeating: 0, count: 4)
    try four.withUnsafeMutableBytes { try program.read(program.tensors[0], range: 1 << 40 - 1..<1 << 40, into: $0) }
    #expect(four == [0, 1, 2, 3])

    text = ProgramText()
    text.tensors[0].sizes = "[{\"as_int\":\(String(repeating: "9", count: 100_000))}]"
    #expect(throws: ExportedProgramError.self) {
      try ExportedProgram(path: try folder.write(text.bytes, to: "digits.pt2"))
    }
  }
}
