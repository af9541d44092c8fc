import Foundation
import Testing

/// Whether a command is on the PATH.
private func path(of tool: String) -> String? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

struct HeaderTests {
  private var sources: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/CTorch")
      .standardized
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

  /// What the version gate says about a libtorch of this version, or about none.
  private func gate(version: (Int, Int)?, flags: [String] = []) throws -> String {
    let clang = try #require(path(of: "clang++"))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("version-gate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("torch"), withIntermediateDirectories: true)
    if let (major, minor) = version {
      let header = """
        #define TORCH_VERSION_MAJOR \(major)
        #define TORCH_VERSION_MINOR \(minor)
        #define TORCH_VERSION "\(major).\(minor).5"
        """
      try header.write(to: folder.appendingPathComponent("torch/version.h"), atomically: true, encoding: .utf8)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: clang)
    process.arguments =
      ["-std=c++20", "-fsyntax-only", "-I", folder.path] + flags + [
        "-x", "c++", sources.appendingPathComponent("ct_version_gate.hpp").path, "-Wno-pragma-once-outside-header",
      ]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect((process.terminationStatus == 0) == text.isEmpty)
    return text
  }

  @Test(.enabled(if: path(of: "clang++") != nil, "needs clang++"))
  func onlyCheckedVersionsAreAccepted() throws {
    #expect(try gate(version: (2, 11)) == "")
    #expect(try gate(version: (2, 13)) == "")
    for other in [(2, 12), (2, 14), (1, 13), (3, 11)] {
      let text = try gate(version: other)
      #expect(text.contains("found libtorch \(other.0).\(other.1).5; checked with libtorch 2.11 and 2.13"))
      #expect(try gate(version: other, flags: ["-DIDINIT_ANY_LIBTORCH"]) == "")
    }
    #expect(try gate(version: nil).contains("libtorch not found, run scripts/bootstrap (or set LIBTORCH"))
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
