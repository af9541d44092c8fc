import Foundation
import Report
import TestSupport
import Testing

/// How drawing fails, with programs that stand in for Python.
@Suite struct RendererTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func renderer(_ script: String, seconds: Double = 60) throws -> PlotRenderer {
    let path = try folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "python")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return PlotRenderer(python: path, seconds: seconds)
  }

  private var figures: [Figure] { [SmallPlots.figure(SmallPlots.line)] }

  private func problem(_ script: String, seconds: Double = 60) throws -> PlotRenderError? {
    let renderer = try renderer(script, seconds: seconds)
    do {
      _ = try renderer.render(figures)
      return nil
    } catch {
      return error
    }
  }

  @Test func missingVlConvertSaysWhatToInstall() throws {
    let problem = try problem("cat > /dev/null; exit 3")
    #expect(problem == .noVlConvert(python: folder.path("python")))
    #expect(problem?.description.contains("-m pip install vl-convert-python") == true)
  }

  @Test func aPageIsMadeAllTheSame() throws {
    let page = ReportPage(title: "T", sections: [ReportSection(id: "a", heading: "A", figures: figures)])
    let (html, drawn, problem) = try page.html(renderer: renderer("exit 3"))
    #expect(problem != nil && drawn == 0 && html.contains("pip install vl-convert-python") && html.contains("<table"))
  }

  @Test func noPythonIsSaid() {
    for python in ["/nowhere/python3", "no-such-python"] {
      #expect(throws: PlotRenderError.noPython(python)) { try PlotRenderer(python: python).render(figures) }
    }
  }

  @Test func whatItWroteIsShown() throws {
    #expect(try problem("echo 'no such mark' >&2; exit 1") == .failed(status: 1, output: "no such mark"))
  }

  @Test func aSlowOneIsStopped() throws {
    #expect(try problem("exec sleep 60", seconds: 0.3) == .timedOut(seconds: 0.3))
  }

  @Test func muchOutputOnBothSidesBlocksNothing() throws {
    // A megabyte each way, far more than a pipe holds, and the input is never read.
    let megabyte = "head -c 1000000 /dev/zero | tr '\\0' x"
    guard case .badAnswer = try problem("\(megabyte); \(megabyte) >&2") else {
      Issue.record("expected a bad answer")
      return
    }
  }

  @Test(arguments: [
    "", "[]", "{\"plots\":[],\"javascript\":\"\"}", "{\"plots\":[{\"svgs\":[\"a\"]}],\"javascript\":\"\"}",
  ])
  func anotherAnswerIsRefused(_ answer: String) throws {
    guard case .badAnswer = try problem("printf '%s' '\(answer)'") else {
      Issue.record("expected a bad answer")
      return
    }
  }

  @Test func pagesAndPicturesAskForWhatTheyNeed() throws {
    let answer = #"{"plots":[{"svgs":["<svg/>"]}],"javascript":"1"}"#
    let (pictures, undrawn) = try renderer("printf '%s' '\(answer)'").standalone(figures)
    #expect(pictures == ["<svg/>"] && undrawn.isEmpty)
    #expect(throws: PlotRenderError.self) { try renderer("printf '%s' '\(answer)'").render(figures) }
  }

  @Test func oneThatCannotBeDrawnLeavesTheOthers() throws {
    let answer = #"{"plots":[{"svgs":["<svg/>","<svg/>"]},{"error":"no such mark\nand more"}],"javascript":"1"}"#
    let page = ReportPage(
      title: "T", sections: [ReportSection(id: "a", heading: "A", figures: figures + figures)])
    let (html, drawn, problem) = try page.html(renderer: renderer("printf '%s' '\(answer)'"))
    #expect(problem == .undrawn(["A figure: no such mark and more"]) && drawn == 1)
    #expect(html.components(separatedBy: "class=\"spec\"").count == 2)
    #expect(html.components(separatedBy: "<details class=\"data\" open>").count == 2)
  }

  @Test func aPictureThatRunsIsRefused() throws {
    let answer = #"{"plots":[{"id":"a","svgs":["<svg><script>x</script></svg>","<svg/>"]}],"javascript":"1"}"#
    guard case .badAnswer = try problem("printf '%s' '\(answer)'") else {
      Issue.record("expected a bad answer")
      return
    }
  }
}

/// With the real vl-convert, where there is one.
@Suite struct RenderTests {
  static let python = PlotRenderer().python

  static let hasVlConvert: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", "import vl_convert"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(.enabled(if: hasVlConvert, "vl-convert-python is not there: pip install vl-convert-python"))
  func drawsEveryKind() throws {
    var figures = SmallPlots.all.map { SmallPlots.figure($0.plot, id: $0.name) }
    let name = "a network with a name of sixty characters and no end in sight"
    let long = BarChart(axis: PlotAxis("loss"), bars: [.init(category: name, group: "IDInit", values: [1, 2])])
    figures += [SmallPlots.figure(long, id: "long")]
    let map = Heatmap(
      xTitle: name, yTitle: name, columns: ["1", "2"], rows: [name, "short"], value: PlotAxis(name),
      values: [[1, 2], [3, 4]])
    figures += [SmallPlots.figure(map, id: "long names")]
    // Nothing to draw is no error either.
    figures += [
      SmallPlots.figure(LineChart(x: PlotAxis("x"), y: PlotAxis("y", scale: .log), series: []), id: "no series"),
      SmallPlots.figure(
        LineChart(x: PlotAxis("x"), y: PlotAxis("y"), series: [.init("all NaN", [.init(0, .nan)])]), id: "nothing"),
      SmallPlots.figure(BarChart(axis: PlotAxis("x"), bars: []), id: "no bars"),
      SmallPlots.figure(
        Heatmap(xTitle: "x", yTitle: "y", columns: [], rows: [], value: PlotAxis("v"), values: []), id: "no cells"),
      SmallPlots.figure(Histogram(x: PlotAxis("x"), values: []), id: "no values"),
      SmallPlots.figure(ScatterChart(x: PlotAxis("x"), y: PlotAxis("y"), series: []), id: "no points"),
      SmallPlots.figure(
        SurfaceChart(x: PlotAxis("x"), y: PlotAxis("y"), value: PlotAxis("v"), surface: [], paths: []), id: "no surface"
      ),
    ]
    let plots = try PlotRenderer().render(figures)
    #expect(plots.undrawn.isEmpty)
    let pictures = plots.pictures.compactMap { $0 }
    #expect(pictures.count == figures.count)
    for (figure, picture) in zip(figures, pictures) {
      for (svg, width) in [(picture.wide, 760.0), (picture.narrow, 336)] {
        #expect(svg.hasPrefix("<svg") && !svg.contains("NaN") && !svg.contains("undefined"), "\(figure.id)")
        let drawn = svg.firstMatch(of: /\swidth="([0-9.]+)"/).flatMap { Double($0.output.1) } ?? 0
        // fit-x makes the plot as wide as it was told, axes included.
        #expect(abs(drawn - width) <= 2, "\(figure.id): \(drawn) for \(width)")
      }
    }
    #expect(pictures[0].wide.contains("var(--series-1, #0072B2)"))
    // The whole of a long name, over its lines.
    let letters = pictures[SmallPlots.all.count].narrow.matches(of: />([^<>]+)</).map { String($0.output.1) }.joined(
      separator: " ")
    #expect(letters.contains("a network with a name of sixty") && letters.contains("no end in sight"))
    let words = pictures[SmallPlots.all.count + 1].narrow.matches(of: />([^<>]+)</).map { String($0.output.1) }.joined(
      separator: " ")
    // As the titles of both axes and of the colours, and as a row's name.
    #expect(words.components(separatedBy: "in sight").count == 5)
    #expect(plots.javascript.contains("window.vegaEmbed") && plots.javascript.utf8.count > 500_000)
  }

  @Test(.enabled(if: hasVlConvert, "vl-convert-python is not there: pip install vl-convert-python"))
  func aPictureOfItsOwnHasTitleLegendAndGround() throws {
    var long = SmallPlots.line
    long.series[0].points = (1...40).map { .init(Double($0), 0.5) }
    let figures = [SmallPlots.figure(SmallPlots.line), SmallPlots.figure(long)]
    let (pictures, undrawn) = try PlotRenderer().standalone(figures)
    #expect(undrawn.isEmpty)
    for svg in pictures.compactMap({ $0 }) {
      for word in ["A figure", "IDInit", "Kaiming", "fill=\"#FFFFFF\""] { #expect(svg.contains(word), "\(word)") }
      #expect(!svg.contains("var(--"))
    }
    // Points that only a pointer would find are not drawn.
    #expect(pictures[1]?.contains("opacity=\"0\"") == false)
  }

  @Test(.enabled(if: hasVlConvert, "vl-convert-python is not there: pip install vl-convert-python"))
  func drawsTheSameTwice() throws {
    let figures = [SmallPlots.figure(SmallPlots.line), SmallPlots.figure(SmallPlots.bars)]
    #expect(try PlotRenderer().render(figures) == PlotRenderer().render(figures))
  }
}
