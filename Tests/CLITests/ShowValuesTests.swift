import Foundation
import Testing
import TestSupport

/// The numbers of `--json` against the paper's formulas, written out again here.
struct ShowValuesTests {
  static let matrices = [(6, 4), (4, 6), (5, 5), (1, 7), (7, 1), (1, 1), (4, 10), (4, 7), (13, 3), (3, 13), (17, 19)]
  static let kernelShapes = [
    [8, 2, 3, 3], [4, 3, 5], [20, 1, 3, 3], [3, 4, 2, 3, 2], [2, 2, 1, 1], [40, 3, 2, 2],
  ]

  @Test("IDI is τ where column = row mod columns", arguments: matrices)
  func identity(_ rows: Int, _ columns: Int) throws {
    let exact = try shownJSON("idi", "\(rows)x\(columns)", "--gain", "1.5", "--looseness", "0")
    #expect(exact.rule == "idi" && exact.shape == [rows, columns] && exact.dtype == "float32")
    #expect(exact.values == cells(rows, columns) { $1 == $0 % columns ? 1.5 : 0 })

    // The default is loose: of the non-zero elements each is its own draw within 6 standard deviations (and half a
    // spacing of float32 near 1).
    let loose = try shownJSON("idi", "\(rows)x\(columns)")
    for (value, expected) in zip(loose.values, cells(rows, columns) { $1 == $0 % columns ? 1 : 0 }) {
      #expect(expected == 0 ? value == 0 : abs(value - 1) < 6e-6 + 6e-8)
    }
    if rows > 4 { #expect(Set(loose.values).count > 3) }
  }

  @Test("IDIZ is a difference of two inputs in every row", arguments: matrices)
  func nearZero(_ rows: Int, _ columns: Int) throws {
    let shown = try shownJSON("idiz", "\(rows)x\(columns)", "--epsilon", "0.25")
    var expected = cells(rows, columns) { $1 == $0 % columns ? 0.25 : 0 }
    for row in 0..<rows {
      if rows < columns {
        for column in rows..<columns where (column - rows) == row % (columns - rows) {
          expected[row * columns + column] = -0.25
        }
      } else {
        expected[row * columns + (row % columns + 1) % columns] = -0.25
      }
    }
    #expect(shown.values == expected)
    if columns > 1 {
      for row in 0..<rows { #expect(shown.values[row * columns..<(row + 1) * columns].reduce(0, +) == 0) }
    }
  }

  @Test(
    "IDIC and IDIZC are IDI and IDIZ of out × (in·k…k)", arguments: kernelShapes, ["channel-first", "window-first"])
  func kernels(_ shape: [Int], _ order: String) throws {
    let text = shape.map(String.init).joined(separator: "x")
    let (out, channels, window) = (shape[0], shape[1], shape[2...].reduce(1, *))
    let columns = channels * window
    // An order that makes no difference is refused, so it is not given.
    let flags = channels > 1 && window > 1 ? ["--column-order", order] : []
    for (rule, other, numbers) in [("idic", "idi", ["--looseness", "0"]), ("idizc", "idiz", [])] {
      let kernel = try run(idinitBinary, ["show", rule, text, "--json"] + flags + numbers)
      #expect(kernel.standardError == "")
      let values = try JSONDecoder().decode(ShownJSON.self, from: Data(kernel.standardOutput.utf8)).values
      let matrix = try run(idinitBinary, ["show", other, "\(out)x\(columns)", "--json"] + numbers)
      let rows = try JSONDecoder().decode(ShownJSON.self, from: Data(matrix.standardOutput.utf8)).values
      for m in 0..<out {
        for c in 0..<channels {
          for p in 0..<window {
            let column = order == "channel-first" ? c * window + p : p * channels + c
            #expect(values[(m * channels + c) * window + p] == rows[m * columns + column])
          }
        }
      }
      #expect(values.contains { $0 != 0 })
    }
  }

  @Test("the seed is 0 unless another is given, and makes a difference")
  func seeds() throws {
    let shown = try shownJSON("normal", "3x3")
    #expect(try shownJSON("normal", "3x3", "--seed", "0") == shown)
    #expect(try shownJSON("normal", "3x3", "--seed", "1").values != shown.values)
    #expect(try shownJSON("normal", "3x3", "--seed", "18446744073709551615").values != shown.values)
  }

  @Test(
    "narrow types hold the nearest numbers",
    arguments: [
      ("bf16", 1.4140625), ("half", 1.4140625), ("fp32", Double(Float(1.414))), ("double", 1.414),
    ])
  func types(_ name: String, _ expected: Double) throws {
    #expect(try shownJSON("idi", "1x1", "--gain", "1.414", "--looseness", "0", "--dtype", name).values == [expected])
  }

  @Test("every rule can be shown")
  func everyRule() throws {
    let help = try idinit("show", "--help").standardOutput
    let section = try #require(help.components(separatedBy: "Rules:\n").last?.components(separatedBy: "\n\n").first)
    let names = section.split(separator: "\n").compactMap { line -> String? in
      line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first.map(String.init) : nil
    }
    #expect(names.count >= 18 && names.contains("idizc") && names.contains("torch-default"))
    for name in names {
      let shape = name.hasSuffix("c") && name.hasPrefix("idi") ? "6x4x3x3" : "6x4"
      let result = try run(idinitBinary, ["show", name, shape] + (name == "constant" ? ["--value", "2"] : []))
      #expect(result.status == 0 && result.standardOutput.contains("formula"), "\(name): \(result.standardError)")
    }
  }

  @Test("the file holds what the JSON says")
  func file() throws {
    let folder = try TemporaryFolder()
    let shown = try shownJSON("kaiming-normal", "5x7", "--seed", "3", "-o", folder.path("w.safetensors"))
    let bytes = Array(try Data(contentsOf: folder.url.appendingPathComponent("w.safetensors")))
    let floats = bytes.suffix(35 * 4).withUnsafeBytes { raw in
      (0..<35).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(floats.map(Double.init) == shown.values)
    let header = String(decoding: bytes[8..<(bytes.count - 35 * 4)], as: UTF8.self)
    for part in [
      #""weight":{"dtype":"F32","shape":[5,7],"data_offsets":[0,140]}"#, #""rule":"kaiming-normal""#, #""seed":"3""#,
      #""format":"pt""#,
    ] {
      #expect(header.contains(part))
    }
    #expect(try folder.contents == ["w.safetensors"])
  }

  private func cells(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) -> [Double] {
    (0..<rows * columns).map { value($0 / columns, $0 % columns) }
  }
}
