import Foundation
import Testing

/// Whether a command is on the PATH.
private func path(of tool: String) -> String? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

struct HeaderTests {
  private var sources: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/CTorch").standardized
  }

  /// Each header by itself, so that none leans on what another included.
  @Test(.enabled(if: path(of: "clang") != nil, "needs clang"))
  func everyHeaderIsC11() throws {
    let clang = try #require(path(of: "clang"))
    let headers = try FileManager.default.contentsOfDirectory(atPath: sources.appendingPathComponent("include").path)
      .filter { $0.hasSuffix(".h") }
    #expect(headers.count >= 10)
    for header in headers {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: clang)
      process.arguments = [
        "-std=c11", "-pedantic", "-Wall", "-Werror", "-fsyntax-only", "-x", "c",
        sources.appendingPathComponent("include/\(header)").path,
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(header)")
    }
  }

  /// torch/torch.h triples the compile time of a file.
  @Test func noFileIncludesAllOfTorch() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix("pp") }
    #expect(files.count >= 10)
    for file in files {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      for banned in ["<torch/torch.h>", "<ATen/ATen.h>", "<torch/all.h>"] {
        #expect(!text.contains("#include \(banned)"), "\(file)")
      }
    }
  }
}
