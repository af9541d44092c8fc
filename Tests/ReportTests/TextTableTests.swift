import Testing

@testable import Records

/// Tables for people, at any width.
@Suite struct TextTableTests {
  private func table(_ columns: [(title: String, isNumber: Bool)], _ rows: [[String]]) -> ResultTable {
    ResultTable(
      title: "T",
      columns: columns.enumerated().map { index, column in
        ResultTable.Column(column.title, isNumber: column.isNumber) { $0.text("\(index)") ?? "" }
      },
      rows: rows.map { row in Row(row.enumerated().map { .init("\($0)", .string($1)) }) })
  }

  @Test func namesAreWordsAndCountsHaveCommas() {
    #expect(
      ["gradientRMS", "closeCopies", "std", "lnClasses"].map(NameText.words)
        == ["gradient RMS", "close copies", "std", "ln classes"])
    #expect(
      [0, 9999, 10_000, -9999, -10_000, 1_234_567].map(NumberText.count)
        == ["0", "9999", "10,000", "-9999", "-10,000", "1,234,567"])
  }

  private var starts: ResultTable {
    table(
      [("training", false), ("start", false), ("test accuracy, %", true), ("paper", true), ("train loss", true)],
      [
        ["sgd", "kaiming", "43.45 ± 10.00", "93.36 ± 0.14 %", "1.526"], ["sgd", "idinit", "47.32", "–", "1.429"],
        ["adam", "kaiming", "55.10", "87.55 ± 0.32 %", "1.3"], ["adam", "idinit", "42.20", "", "1.4"],
      ])
  }

  @Test func titlesStandOnALineWhereThereIsRoom() {
    #expect(
      starts.text(width: 80) == """
        training  start    test accuracy, %           paper  train loss
        --------  -------  ----------------  --------------  ----------
        sgd       kaiming     43.45 ± 10.00  93.36 ± 0.14 %       1.526
        sgd       idinit              47.32               –       1.429
        adam      kaiming             55.10  87.55 ± 0.32 %         1.3
        adam      idinit              42.20                         1.4

        """)
  }

  @Test func longTitlesAreBroken() {
    let lines = starts.text(width: 60).split(separator: "\n")
    #expect(lines[0].contains("test") && lines[1].contains("accuracy, %") && !lines[1].contains("test"))
    #expect(lines[3] == "sgd       kaiming  43.45 ± 10.00  93.36 ± 0.14 %  1.526")
  }

  @Test func aUnitOfAllCellsGoesIntoTheTitle() {
    let lines = starts.text(width: 54).split(separator: "\n")
    #expect(lines[1].contains("paper, %"))
    #expect(lines[3] == "sgd       kaiming  43.45 ± 10.00  93.36 ± 0.14  1.526")
    #expect(lines[4] == "sgd       idinit           47.32             –  1.429")
  }

  @Test func rowsStandBelowTheirFirstLabel() {
    let lines = starts.text(width: 50).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[3] == "training: sgd" && lines[6] == "" && lines[7] == "training: adam")
    #expect(lines[4] == "kaiming  43.45 ± 10.00  93.36 ± 0.14  1.526")
  }

  @Test func columnsGoOverBlocksWithTheLabelsThatTellRowsApart() {
    let table = table(
      [("id", false), ("name", false), ("a", true), ("b", true), ("c", true)],
      [["1", "one of them", "1234567890", "2", "3"], ["2", "one of them", "1", "22", "33"]])
    #expect(
      table.text(width: 28) == """
        id  name                  a
        --  -----------  ----------
        1   one of them  1234567890
        2   one of them           1

        id   b   c
        --  --  --
        1    2   3
        2   22  33

        """)
  }

  @Test func aSeedTellsRowsApartToo() {
    let table = table(
      [("method", false), ("seed", true), ("a", true), ("b", true)],
      [["idinit", "0", "1.2345", "5.4321"], ["idinit", "1", "1.0000", "5.0000"], ["xavier", "0", "1.5", "5.5"]])
    #expect(
      table.text(width: 24) == """
        method  seed       a
        ------  ----  ------
        idinit     0  1.2345
        idinit     1  1.0000
        xavier     0     1.5

        method  seed       b
        ------  ----  ------
        idinit     0  5.4321
        idinit     1  5.0000
        xavier     0     5.5

        """)
  }

  @Test func whereNothingFitsRowsAreLists() {
    let table = table(
      [("parameter", false), ("value", true)],
      [["layer1.0.conv1.weight", "1.0"], ["layer1.0.conv2.weight", "2.0"]])
    #expect(
      table.text(width: 24) == """
        parameter:
          layer1.0.conv1.weight
          value: 1.0

        parameter:
          layer1.0.conv2.weight
          value: 2.0

        """)
  }

  /// Nothing is lost at any width, and no line is wider unless one of its words is.
  @Test(arguments: 20...130) func noLineIsWiderAndNothingIsLost(_ width: Int) {
    let text = starts.text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
    // In a list a value may go over two lines.
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for cell in ["kaiming", "idinit", "sgd", "adam", "43.45 ± 10.00", "93.36 ± 0.14", "87.55 ± 0.32", "1.526", "1.4"] {
      #expect(words.contains(cell), "\(cell) is lost at \(width)")
    }
  }

  @Test func noRowsAreSaid() {
    #expect(table([("a", false)], []).text(width: 80) == "no results\n")
  }
}
