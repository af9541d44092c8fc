import Foundation
import TestSupport
import Testing

/// Code in the documentation's articles cannot rot: each Swift block of an article is the very text of lines that are
/// compiled and run here or in LabTests, in a folder `Articles`.
@Suite("Articles") struct ArticleTests {
  /// Every Markdown file of a catalogue `Sources/*/*.docc`, by path.
  private static func articles() throws -> [URL] {
    let files = FileManager.default.enumerator(
      at: packageFolder.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? [])
      .filter { $0.pathExtension == "md" && $0.deletingLastPathComponent().pathExtension == "docc" }
      .sorted { $0.path < $1.path }
  }

  private static func compiledText() throws -> String {
    let folders = ["Tests/IDInitTests/Articles", "Tests/LabTests/Articles"].map(packageFolder.appendingPathComponent)
    return try folders.map { folder in
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "swift" && $0.lastPathComponent != "ArticleTests.swift" }
        .map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// The blocks between ```` ```swift ```` and ```` ``` ````.
  static func swiftBlocks(_ markdown: String) -> [[String]] {
    var blocks: [[String]] = []
    var block: [String]?
    for line in markdown.components(separatedBy: "\n") {
      switch (block, line) {
      case (nil, "```swift"): block = []
      case (nil, _): break
      case (let lines?, "```"):
        blocks.append(lines)
        block = nil
      case (let lines?, _): block = lines + [line]
      }
    }
    return blocks
  }

  /// Whether the lines are in `text` one after another, all indented by the same number of spaces.
  static func has(_ text: String, _ block: [String]) -> Bool {
    (0...8).contains { spaces in
      let indent = String(repeating: " ", count: spaces)
      let lines = block.map { $0.isEmpty ? "" : indent + $0 }
      return "\n\(text)\n".contains("\n" + lines.joined(separator: "\n") + "\n")
    }
  }

  @Test("every Swift block is compiled in a test") func blocksAreCompiled() throws {
    let text = try Self.compiledText()
    var count = 0
    for article in try Self.articles() {
      for block in Self.swiftBlocks(try String(contentsOf: article, encoding: .utf8)) {
        count += 1
        let lines = block.joined(separator: "\n")
        #expect(
          Self.has(text, block), "\(article.lastPathComponent): this is in no file of Tests/*/Articles:\n\(lines)")
      }
    }
    #expect(count >= 8, "only \(count) Swift blocks were found in the articles")
  }

  @Test("a block that differs in a character is found out") func comparison() {
    let text = "struct S {\n  func f() {\n    let a = 1\n\n    let b = 2\n  }\n}"
    #expect(Self.has(text, ["let a = 1", "", "let b = 2"]))
    #expect(!Self.has(text, ["let a = 1", "let b = 2"]))
    #expect(!Self.has(text, ["let a = 1", "", "let b = 3"]))
    #expect(!Self.has(text, ["let a"]))
    #expect(Self.swiftBlocks("a\n```swift\nx\n\ny\n```\n```\nz\n```\n```swift\nw\n```") == [["x", "", "y"], ["w"]])
  }
}
