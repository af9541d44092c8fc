import Foundation
import TestSupport
import Testing

@testable import Report

@Suite struct PythonProgramTests {
  @Test func isLookedForInOrder() throws {
    let folder = try TemporaryFolder()
    func python(_ place: String) throws -> String {
      let url = folder.url.appendingPathComponent("\(place)/venv/bin/python")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("#!/bin/sh\n".utf8).write(to: url)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
      return url.path
    }
    func found(_ environment: [String: String]) -> String {
      PythonProgram.found(environment: environment, folder: folder.url.path).path
    }
    #expect(found([:]) == "python3")
    let own = try python(".deps")
    #expect(found([:]) == own)
    let deps = try python("elsewhere")
    #expect(found(["IDINIT_DEPS": folder.path("elsewhere")]) == deps)
    #expect(found(["IDINIT_DEPS": folder.path("nothing")]) == own)
    // Taken at its word, there or not: who names one wants no other.
    #expect(found(["IDINIT_PYTHON": "/opt/python", "IDINIT_DEPS": folder.path("elsewhere")]) == "/opt/python")
    #expect(found(["IDINIT_PYTHON": ""]) == own)
  }
}
