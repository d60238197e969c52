package engagelab

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
)

// translateTemplate translates a template with its values.
func (d *Driver) translateTemplate(ctx context.Context, use carrier.OutgoingTemplate) (*outTemplate, error) {
	t := use.Template
	if !canDescribe(t) {
		return nil, carrier.NewRefusal("provider.engagelab.template")
	}
	components, err := cloudapi.NewComponents(use, d.placeByLink(ctx))
	return &outTemplate{Name: t.Name, Language: t.Language, Components: components}, err
}

// canDescribe reports whether every value of a template has a documented form: variables by position, files, and the
// end of an address.
func canDescribe(t domain.MessageTemplate) bool {
	if t.HeaderKind == "location" {
		return false
	}
	return !slices.ContainsFunc(t.Slots(), func(s domain.TemplateSlot) bool {
		return s.Media == "" &&
			(cloudapi.SlotPosition(s) == 0 || (s.Part == "button" && t.Buttons[s.Index].Kind != "url"))
	})
}
