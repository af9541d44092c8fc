import Foundation
import Testing
import TestSupport

@testable import ModelFiles

/// Files of other kinds where safetensors was expected.
struct WeightsOtherFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func problem(_ bytes: [UInt8]) throws -> SafetensorsError.Problem? {
    let path = try folder.write(bytes, to: "file")
    return #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }?.problem
  }

  @Test(
    "zip archives are told apart by their members",
    arguments: [
      (["m/data.pkl", "m/data/0"], OtherFile.checkpoint), (["m/data.pkl", "m/constants.pkl"], .torchScript),
      (["m/archive_format", "m/models/model.json", "m/data/weights/weight_0"], .program),
      (["serialized_exported_program.json"], .program), (["readme"], .zip), (["a.npy"], .numpy),
    ])
  func archives(_ names: [String], _ kind: OtherFile) throws {
    let bytes = ZipBuilder(names.map { ZipBuilder.Member($0, "x") }).bytes
    #expect(try problem(bytes) == .otherFile(kind))
    // Cut off, it is a zip archive still.
    #expect(try problem(Array(bytes.prefix(bytes.count - 10))) == .otherFile(.zip))
  }

  @Test("other formats are known by their first bytes; what may be damaged safetensors keeps its own error")
  func firstBytes() throws {
    #expect(try problem([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]) == .otherFile(.pickle))
    #expect(try problem(Array("GGUF".utf8) + Array(repeating: 3, count: 12)) == .otherFile(.gguf))
    // A header of 640 bytes: 80 02, as pickles begin.
    #expect(
      try problem([0x80, 0x02, 0, 0, 0, 0, 0, 0] + Array("{\"a\"".utf8))
        == .headerPastEnd(headerEnd: 648, fileSize: 12))
    #expect(try problem([1, 2, 3]) == .tooShort(fileSize: 3))
  }

  @Test("each says what to do", arguments: [OtherFile.checkpoint, .pickle, .torchScript, .program])
  func advice(_ kind: OtherFile) {
    let text = SafetensorsError(path: "w", problem: .otherFile(kind)).description
    #expect(text.hasPrefix("w: this is a ") && text.contains("safetensors.torch.save_file("))
  }
}
