import Datasets
import Foundation
import IDInit
import ModelFiles
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab

@Suite struct LabErrorTests {
  private func decodingError() -> any Error {
    do {
      _ = try JSONDecoder().decode([String: Int].self, from: Data(#"{"a": "b"}"#.utf8))
      return LabError(.software, "decoded")
    } catch { return error }
  }

  @Test func everyErrorHasACodeAndOneLine() throws {
    let cases: [(error: any Error, code: Int32)] = [
      (RuleError(.parameter, "idi", "gain is NaN"), 70), (PlanError(scheme: "idinit", message: "no way"), 78),
      (PlanMismatch(parameter: "fc1", message: "has\nanother shape"), 65), (decodingError(), 65),
      (DatasetError(.notFound, file: "x", problem: "is not there"), 66),
      (DatasetError(.unreadable, file: "x", problem: "is a folder"), 74),
      (DatasetError(.corrupt, file: "x", problem: "is corrupt"), 65),
      (DatasetError(.download, file: "x", problem: "no server"), 69),
      (TorchError(kind: .torch, operation: "linear", message: "shapes\ndo not fit"), 70),
      (CocoaError(.fileReadNoPermission, userInfo: [NSFilePathErrorKey: "some/file"]), 74),
      (LabError(.busy, "in use"), 75),
    ]
    for (error, code) in cases {
      let problem = LabError(wrapping: error)
      #expect(problem.exitCode == code, "\(error)")
      #expect(!problem.message.isEmpty && !problem.message.contains("\n"))
    }
    #expect(LabError(wrapping: decodingError()).message.hasPrefix("a: "))
  }

  @Test func aFileThatIsNotThereIsNoInput() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: (any Error).self) { try SafetensorsFile(path: folder.path("none")) }
    #expect(LabError(wrapping: try #require(error)).kind == .noInput)
    let short = try folder.write([1, 2, 3], to: "short")
    let other = #expect(throws: (any Error).self) { try SafetensorsFile(path: short) }
    #expect(LabError(wrapping: try #require(other)).kind == .data)
  }
}
