import Records
import Testing

@Suite struct CSVTests {
  @Test func readsWhatItWrites() {
    let rows: [[JSONValue]] = [
      [.string("a,b"), .double(0.5), .int(3), .null],
      [.string("say \"x\"\nand y"), .double(-.infinity), .int(-1), .null],
      [.string("plain"), .double(1e-300), .int(0), .string("é")],
    ]
    let read = CSV.rows(CSV.text(header: ["name", "x", "n", "more"], rows: rows))
    #expect(read.map(\.names) == Array(repeating: ["name", "x", "n", "more"], count: 3))
    #expect(read.map { $0.cells.map(\.value) } == rows)
  }

  /// By RFC 4180: lines end with CR LF, the last one need not end, and quotes stand around any field.
  @Test func readsWhatOthersWrite() {
    let read = CSV.rows("\"w1\",w2\r\n\"1\",nan\r\n,\"\"\"\"\r\n2,3,4")
    #expect(read.count == 3)
    #expect(read[0].number("w1") == 1 && read[0].number("w2")?.isNaN == true)
    #expect(read[1].cells.map(\.value) == [.null, "\""])
    #expect(read[2].cells.map(\.value) == [2, 3])
    #expect(CSV.rows("").isEmpty && CSV.rows("a,b\n").isEmpty)
  }
}
