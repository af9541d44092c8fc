import Testing
import TestSupport

struct ShowDrawingTests {
  @Test(
    "drawings, to the character",
    arguments: [
      ("idi-6x4", "idi 6x4", 80), ("idiz-4x6", "idiz 4x6", 80), ("idic-8x2x3x3", "idic 8x2x3x3 --gain 1.414", 80),
      ("idiz-6x4", "idiz 6×4", 80), ("idiz-4x10", "idiz 4x10", 80), ("idi-3x8-exact", "idi 3x8 --looseness 0", 80),
      ("idiz-3x1", "idiz 3x1", 80), ("idiz-768x3072", "idiz 768x3072", 80), ("idi-3072x768", "idi 3072x768", 80),
      ("idizc-64x64x3x3", "idizc 64x64x3x3", 80), ("idizc-narrow", "idizc 64x64x3x3", 40),
      ("idic-window-first", "idic 4x2x3x3 --column-order window-first", 80),
      ("idic-3d-bf16", "idic 4x2x3x3x3 --dtype bf16", 80),
      ("idic-1d", "idic 4x3x5", 80), ("centre-tap", "centre-tap 4x2x3x3 --looseness 0", 60),
      ("partial-identity", "partial-identity 7x4", 80), ("constant-small", "constant 2x3 --value=-2.5e-7", 80),
      ("zero-1d", "zero 5", 80),
    ])
  func drawing(_ name: String, _ arguments: String, _ columns: Int) throws {
    let result = try run(
      idinitBinary, ["show"] + arguments.split(separator: " ").map(String.init), environment: ["COLUMNS": "\(columns)"])
    #expect(result.status == 0)
    #expect(result.standardError == "")
    let expected = try snapshot("show-\(name)", recording: result.standardOutput)
    #expect(result.standardOutput == expected)
  }

  @Test("no line is wider than the terminal", arguments: [40, 57, 80, 132, 200])
  func width(_ columns: Int) throws {
    for arguments in [
      ["idi", "40x60"], ["idiz", "100x300"], ["idiz", "100x60"], ["idizc", "64x64x3x3"], ["xavier-normal", "30x30"],
      ["kaiming-uniform", "8x8x7x7"], ["normal", "3x4x3x3x3"], ["normal", "1000"],
      ["truncated-normal", "9x9", "--std=1e-9"],
    ] {
      let result = try run(idinitBinary, ["show"] + arguments, environment: ["COLUMNS": "\(columns)"])
      #expect(result.status == 0)
      let widest = result.standardOutput.split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest > 20 && widest <= columns, "\(arguments)")
    }
  }

  @Test("a large weight does not flood the terminal")
  func height() throws {
    for arguments in [
      ["idi", "400x500"], ["idic", "128x128x3x3"], ["normal", "16x16x9x9x9"], ["idic", "50x4x30x30"],
    ] {
      let result = try run(idinitBinary, ["show"] + arguments)
      #expect(result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false).count < 60, "\(arguments)")
    }
  }

  @Test("what a drawing shows of a large weight is what is there")
  func largeCells() throws {
    // Row 767 has its ε at column 767 and its −ε at 768 + 767 = 1535, which is not drawn; rows 0 and 1 show both.
    let lines = try idinit("show", "idiz", "768x3072").standardOutput.split(separator: "\n").map(String.init)
    let row = try #require(lines.first { $0.hasPrefix("767 ") })
    #expect(row.contains("1e-6 │") && !row.contains("-1e-6"))
    #expect(lines.contains { $0.hasPrefix("  0 │  1e-6") && $0.contains("│ -1e-6") })
  }

  @Test("colour is for terminals, can be forced, and NO_COLOR wins")
  func colour() throws {
    let escape = "\u{1B}["
    let plain = try idinit("show", "idi", "6x4").standardOutput
    #expect(!plain.contains(escape))
    let forced = try idinit("show", "idi", "6x4", environment: ["CLICOLOR_FORCE": "1"]).standardOutput
    #expect(forced.contains(escape))
    #expect(forced.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    for refusal in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let refused = try idinit(
        "show", "idi", "6x4", environment: refusal.merging(["CLICOLOR_FORCE": "1"]) { first, _ in first })
      #expect(refused.standardOutput == plain)
    }
  }
}
