import Foundation
import Testing
import TestSupport

@testable import ModelFiles

func bytesOf(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

struct SafetensorsMalformedTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a malformed header is refused for what it is", arguments: malformedHeaders)
  func malformedHeader(_ sample: MalformedHeader) throws {
    let path = try folder.write(fileBytes(sample.json, data: sample.data), to: "bad.safetensors")
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
    #expect(error?.problem == sample.expected)
    let text = try #require(error?.description)
    #expect(text.hasPrefix("\(path): "))
    #expect(!text.contains("\n"))
  }

  @Test("what is well-formed but unusual is read")
  func unusual() throws {
    let json =
      #"{"a" : {"shape":[ 2 ],"new":{"x":[1,-2.5e+3,null,true,false,"\"\\"]},"dtype":"U8","data_offsets":[ 0 , 2 ]},"#
      + "\n\t" + #""\ud83d\ude42":{"dtype":"F4","shape":[0,7],"data_offsets":[2,2]}} "# + "\r\n"
    let file = try SafetensorsFile(path: try folder.write(fileBytes(json, data: 2), to: "u"))
    #expect(file.tensors.map(\.name) == ["a", "🙂"])
    #expect(try SafetensorsFile(path: try folder.write(fileBytes("{}"), to: "none")).tensors.isEmpty)
  }

  @Test("text that is no UTF-8 is refused at its byte")
  func encoding() throws {
    var bytes = fileBytes(#"{"aé":\#(headerEntry())}"#, data: 2)
    bytes[11] = 0x41  // the second byte of é is 0xA9 at 12; its first is gone
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: try folder.write(bytes, to: "e")) }
    #expect(error?.problem == .headerText(position: 12, message: "bytes that are no UTF-8"))
  }

  @Test(
    "the header's length is checked before anything is allocated",
    arguments: [
      (UInt64(100_000_001), SafetensorsError.Problem.headerTooLong(100_000_001)),
      (UInt64.max, .headerTooLong(.max)),
      (UInt64(100_000_000), .headerPastEnd(headerEnd: 100_000_008, fileSize: 10)),
      (UInt64(3), .headerPastEnd(headerEnd: 11, fileSize: 10)),
    ])
  func headerLength(_ length: UInt64, _ problem: SafetensorsError.Problem) throws {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: try folder.write(bytes, to: "l")) }
    #expect(error?.problem == problem)
  }

  @Test("a file cut at any byte is refused")
  func truncation() throws {
    let bytes = try bytesOf(try smallFile(in: folder))
    for length in 0..<bytes.count {
      let path = try folder.write(Array(bytes[..<length]), to: "cut")
      #expect(throws: SafetensorsError.self, "cut at \(length)") { try SafetensorsFile(path: path) }
    }
    #expect(throws: Never.self) { try SafetensorsFile(path: try folder.write(bytes, to: "whole")) }
  }

  @Test("a file with any byte flipped is read or refused, never a crash")
  func flips() throws {
    let bytes = try bytesOf(try smallFile(in: folder))
    var refused = 0
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << bit
        do {
          let file = try SafetensorsFile(path: try folder.write(damaged, to: "flip"))
          for tensor in file.tensors { #expect(try file.bytes(of: tensor.name).count == tensor.byteCount) }
        } catch is SafetensorsError { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test("what is no file is refused in a line")
  func noFile() throws {
    for (path, reason) in [
      (folder.path("absent"), "cannot open: No such file or directory"),
      (folder.url.path, "cannot open: it is a folder"),
      ("/dev/null", "cannot open: it is not a regular file"),
    ] {
      let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
      #expect(error?.description == "\(path): \(reason)")
    }
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(path: try folder.write([1, 2], to: "tiny"))
    }
    #expect(error?.problem == .tooShort(fileSize: 2))
  }

  @Test("offsets beyond 2 and 4 GB are exact")
  func largeOffsets() throws {
    let header = try SafetensorsHeader(
      layingOut: [("a", .f32, [3 << 30]), ("b", .f16, [1 << 20, 1 << 12]), ("c", .u8, [1])], metadata: [:])
    #expect(
      header.tensors.map(\.dataRange) == [
        0..<12_884_901_888, 12_884_901_888..<21_474_836_480, 21_474_836_480..<21_474_836_481,
      ])
    let encoded = try header.encoded()
    let read = try encoded[8...].withUnsafeBytes {
      try SafetensorsHeader(parsing: $0, fileSize: encoded.count + header.dataByteCount)
    }
    #expect(read == header)
  }

  @Test("a 5 GB file of holes is written and read at its far end")
  func sparse() throws {
    let path = folder.path("sparse")
    let writer = try SafetensorsWriter(path: path, tensors: [("w", .u8, [5 << 30])])
    try writer.write("w") { sink in
      try sink.appendZeros(5 << 30 - 1)
      try [UInt8(9)].withUnsafeBytes { try sink.append($0) }
    }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    var last: [UInt8] = [1, 1]
    try last.withUnsafeMutableBytes { try file.read("w", from: 5 << 30 - 2, into: $0) }
    #expect(last == [0, 9])
    try file.withBytes(of: "w") { #expect($0[5 << 30 - 1] == 9 && $0[5 << 30 - 2] == 0) }
  }
}
