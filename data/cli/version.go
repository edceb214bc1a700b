package cli

type versionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c versionCmd) Run(r *run) error {
	if c.JSON {
		return r.out.printJSON(struct {
			Version string `json:"version"`
		}{r.deps.Version})
	}
	r.out.printLine("Latchdesk %s", r.deps.Version)
	return nil
}
