import Foundation
import Testing
import TestSupport

@testable import ModelFiles

struct SafetensorsWriterTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("out.safetensors")
  }

  private func writer(_ tensors: [(String, SafetensorsDType, [Int])] = [("a", .u8, [4]), ("b", .u8, [1])]) throws
    -> SafetensorsWriter
  { try SafetensorsWriter(path: path, tensors: tensors.map { ($0.0, $0.1, $0.2) }) }

  /// Runs `body` on a writer, expects it to fail so, and nothing to be left behind.
  private func fails(with problem: SafetensorsError.Problem, _ body: (SafetensorsWriter) throws -> Void) throws {
    let error = #expect(throws: SafetensorsError.self) { try body(try writer()) }
    #expect(error?.problem == problem)
    #expect(try folder.contents == [])
  }

  @Test("a wrong number of bytes is refused, and nothing is left")
  func byteCounts() throws {
    try fails(with: .incomplete(tensor: "a", expected: 4, found: 3)) { writer in
      try [UInt8](repeating: 0, count: 3).withUnsafeBytes { try writer.write("a", bytes: $0) }
    }
    try fails(with: .pastEnd(tensor: "a", expected: 4, found: 5)) { writer in
      try [UInt8](repeating: 0, count: 5).withUnsafeBytes { try writer.write("a", bytes: $0) }
    }
    try fails(with: .pastEnd(tensor: "a", expected: 4, found: Int.max)) { writer in
      try writer.write("a") { sink in
        try sink.appendZeros(1)
        try sink.appendZeros(Int.max)
      }
    }
    try fails(with: .pastEnd(tensor: "a", expected: 4, found: -1)) { writer in
      try writer.write("a") { sink in try sink.appendZeros(-1) }
    }
  }

  @Test("unknown, repeated and forgotten tensors are refused, and nothing is left")
  func bookkeeping() throws {
    try fails(with: .noTensor(named: "c", nearest: "a")) { try $0.write("c") { _ in } }
    try fails(with: .writtenTwice(tensor: "b")) { writer in
      try writer.write("b") { sink in try sink.appendZeros(1) }
      try writer.write("b") { sink in try sink.appendZeros(1) }
    }
    try fails(with: .notWritten(["a"])) { writer in
      try writer.write("b") { sink in try sink.appendZeros(1) }
      try writer.finish()
    }
    try fails(with: .alreadyFinished) { writer in
      writer.giveUp()
      try writer.write("b") { _ in }
    }
  }

  @Test("an error of the caller's passes through, and nothing is left")
  func callerError() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try writer().write("a") { _ in throw Stop() } }
    #expect(try folder.contents == [])
  }

  @Test("until it is finished, the old file is there; dropped, it stays")
  func oldFileStays() throws {
    _ = try folder.write([1, 2, 3], to: "out.safetensors")
    do {
      let writer = try writer()
      try writer.write("b") { sink in try sink.appendZeros(1) }
      #expect(try bytesOf(path) == [1, 2, 3])
    }
    #expect(try bytesOf(path) == [1, 2, 3])
    #expect(try folder.contents == ["out.safetensors"])
    let writer = try writer()
    try writer.write("a") { sink in try sink.appendZeros(4) }
    try writer.write("b") { sink in try sink.appendZeros(1) }
    try writer.finish()
    #expect(try SafetensorsFile(path: path).tensors.count == 2)
    #expect(try folder.contents == ["out.safetensors"])
  }

  @Test("a link is written where it points")
  func link() throws {
    let target = try folder.write([1], to: "target")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    let writer = try writer([("b", .u8, [1])])
    try writer.write("b") { sink in try sink.appendZeros(1) }
    try writer.finish()
    #expect(try SafetensorsFile(path: target).tensors.map(\.name) == ["b"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == target)
  }

  @Test(
    "names that no reader would take are refused",
    arguments: [
      ("", "is empty"), ("__metadata__", "is the format's own"), ("a\nb", "holds a control character"),
      ("a\0", "holds a control character"),
    ])
  func badNames(_ name: String, _ reason: String) throws {
    let error = #expect(throws: SafetensorsError.self) { try writer([(name, .u8, [1])]) }
    #expect(error?.problem == .badName(name, reason: reason))
    #expect(try folder.contents == [])
  }

  @Test("impossible tensors are refused")
  func impossible() throws {
    let samples: [([(String, SafetensorsDType, [Int])], SafetensorsError.Problem)] = [
      ([("a", .u8, [1]), ("a", .u8, [1])], .duplicateName("a")),
      ([("a", .u8, [-1])], .tooLarge(tensor: "a", dtype: .u8, shape: [-1])),
      ([("a", .f64, [1 << 60])], .tooLarge(tensor: "a", dtype: .f64, shape: [1 << 60])),
    ]
    for (tensors, problem) in samples {
      let error = #expect(throws: SafetensorsError.self) { try writer(tensors) }
      #expect(error?.problem == problem)
    }
    #expect(try folder.contents == [])
  }

  @Test("a place that takes no file is refused with the system's reason")
  func places() throws {
    for (path, reason) in [
      (folder.path("no/such/file"), "cannot create: No such file or directory"),
      (folder.url.path, "cannot create: it is a folder"),
      ("/dev/null", "cannot create: it exists and is not a regular file"),
      ("", "cannot create: the file name is empty"),
    ] {
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsWriter(path: path, tensors: [("a", .u8, [1])])
      }
      #expect(error?.description == "\(path.isEmpty ? "\"\"" : path): \(reason)")
    }
  }

  @Test("a file larger than the file system takes leaves nothing")
  func tooLargeForTheDisk() throws {
    let error = #expect(throws: SafetensorsError.self) { try writer([("a", .u8, [Int.max >> 4])]) }
    guard case .file(let reason)? = error?.problem else { Issue.record("\(String(describing: error))"); return }
    #expect(reason.operation == .write)
    #expect(try folder.contents == [])
  }
}
