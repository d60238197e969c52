package engagelab

import (
	"net/http"
	"strings"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// getTemplates answers with all templates at once, a bare array with the types in small letters, filtered by what is
// asked.
func (s *Server) getTemplates(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.admit(w, r); !ok {
		return
	}
	q := r.URL.Query()
	list := []any{}
	s.world.Do(func(state *world.State) {
		for _, t := range state.Templates() {
			if world.IsWanted(q.Get("name"), t.Name) && world.IsWanted(q.Get("language_code"), t.Language) &&
				world.IsWanted(q.Get("category"), t.Category) && world.IsWanted(q.Get("status"), t.Word) {
				list = append(list, writeTemplate(t))
			}
		}
	})
	world.AnswerJSON(w, http.StatusOK, list)
}

// writeTemplate is a template in EngageLab's form: WhatsApp's without a word on named variables, and in small letters.
func writeTemplate(t world.Template) map[string]any {
	out := cloudapi.WriteTemplate(t)
	delete(out, "parameter_format")
	for _, c := range out["components"].([]any) {
		component := c.(map[string]any)
		component["type"] = strings.ToLower(component["type"].(string))
		if buttons, ok := component["buttons"].([]any); ok {
			for _, b := range buttons {
				button := b.(map[string]any)
				button["type"] = strings.ToLower(button["type"].(string))
			}
		}
	}
	return out
}
