print("idinit")
