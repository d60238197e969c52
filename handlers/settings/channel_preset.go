package settings

import (
	"encoding/json"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/handlers/web"
	"pult/views"
)

// showPresets shows the companies whose values fill the form in.
func (b *channelForm) showPresets(c echo.Context) []views.ChannelPreset {
	var out []views.ChannelPreset
	chosen := b.preset
	if p, ok := b.product.PresetFor(b.form.Values[b.product.PresetBy]); ok && chosen == "" {
		chosen = p.Name
	}
	for _, p := range b.product.Presets {
		values, err := json.Marshal(p.Values)
		if err != nil {
			continue // texts by names of fields can always be written
		}
		v := views.ChannelPreset{
			Name:    p.Name,
			Domains: strings.Join(p.Domains, " "),
			Values:  string(values),
			Chosen:  p.Name == chosen,
		}
		if p.Note != "" {
			v.Note = web.Words(c).T(p.Note)
		}
		out = append(out, v)
	}
	return out
}
