import CTorch
public func version() -> String { String(cString: ct_version()) }
