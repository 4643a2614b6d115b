"""The list of template families. A family is a function from a scene to a draft; whole families are held out."""

FAMILIES = []


def family(name, count, split="tuning"):
    def add(make):
        FAMILIES.append((name, count, split, make))
        return make
    return add
