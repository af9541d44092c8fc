import Testing

@testable import Lab

@Suite struct ProgressTextTests {
  private var event: ProgressEvent {
    var event = ProgressEvent(.moved, run: "relu-idinit-seed0")
    (event.index, event.total, event.fraction) = (2, 4, 0.5)
    (event.loss, event.accuracy, event.samplesPerSecond) = (0.12345, 0.9567, 12_345)
    event.position = "epoch 3/30 batch 4/32"
    return event
  }

  @Test func wideLineSaysEverything() {
    let line = ProgressText.line(event, secondsLeft: 125, width: 200)
    for part in [
      "[2/4]", "relu-idinit-seed0", "epoch 3/30 batch 4/32", "loss 0.1235", "acc 95.67 %", "12,345/s",
      "37 %", "2 min 05 s left",
    ] { #expect(line.contains(part), "\(line) lacks \(part)") }
  }

  @Test(arguments: 0...200) func neverWiderThanTheTerminal(_ width: Int) {
    #expect(ProgressText.line(event, secondsLeft: 125, width: width).count <= width)
  }

  @Test func narrowLineKeepsTheTimeLeft() {
    let line = ProgressText.line(event, secondsLeft: 125, width: 50)
    #expect(line.contains("37 %"))
    #expect(line.contains("left"))
  }

  /// The second of four runs is half done: of the whole, three eighths; the bar, the percentage and the time left are all
  /// of that.
  @Test func percentIsThatOfAllRuns() {
    #expect(event.overall == 0.375)
    let line = ProgressText.line(event, secondsLeft: 125, width: 200)
    #expect(line.hasSuffix("━━━━━━╌╌╌╌╌╌╌╌╌╌  37 %  2 min 05 s left"), "\(line)")
    #expect(!line.contains("50 %"))
  }

  @Test(arguments: 0...100) func linesWithoutRunsFit(_ width: Int) {
    for fraction in [0, 0.42, 1, 7, .nan] {
      let line = ProgressText.line("kaiming: jacobian", fraction: fraction, secondsLeft: 9, width: width)
      #expect(line.count <= width, "\(line)")
    }
    #expect(
      ProgressText.line("kaiming: rank", fraction: 0.5, secondsLeft: nil, width: 80)
        == "kaiming: rank  ━━━━━━━━╌╌╌╌╌╌╌╌  50 %")
  }

  @Test(arguments: [
    (0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (3599, "59 min 59 s"), (3600, "1 h 00 min"), (.nan, "?"),
    (-.infinity, "?"),
  ]) func durations(_ seconds: Double, _ text: String) {
    #expect(ProgressText.duration(seconds) == text)
  }

  @Test(arguments: [
    (2.30258, "2.303"), (0.04123, "0.04123"), (123.456, "123.5"), (99999, "99999"), (1.25e-5, "1.25e-05"), (0, "0"),
    (.nan, "NaN"), (.infinity, "infinite"),
  ]) func shortNumbers(_ value: Double, _ text: String) {
    #expect(ProgressText.short(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"), (-1e300, "?"), (.nan, "?"),
  ])
  func thousands(_ value: Double, _ text: String) {
    #expect(ProgressText.thousands(value) == text)
  }
}
