/// The Python program that draws specifications.
enum PlotScript {
  /// It ends with this status where vl-convert-python is missing.
  static let missing: Int32 = 3

  /// Reads `{"version": …, "plots": [{"specs": [spec, …]}, …]}` from standard input, and writes
  /// `{"plots": [{"svgs": [text, …]} or {"error": text}, …], "javascript": text}` to standard output.
  static let text = """
    import json, sys
    try:
        import vl_convert
    except ImportError:
        sys.exit(\(missing))
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    job = json.load(sys.stdin)
    version = job["version"]
    plots = []
    for plot in job["plots"]:
        try:
            plots.append({"svgs": [vl_convert.vegalite_to_svg(spec, vl_version=version) for spec in plot["specs"]]})
        except Exception as error:
            plots.append({"error": str(error)})
    json.dump({"plots": plots, "javascript": vl_convert.javascript_bundle(vl_version=version)}, sys.stdout)
    """
}
