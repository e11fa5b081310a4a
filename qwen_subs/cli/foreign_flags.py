"""Flags that people paste from other tools: what to use here instead."""

_EXPLANATIONS = {
    "--output-dir": "use -o DIR/",
    "--model-dir": "use --model FOLDER",
    "--align-model": "use --aligner-model",
    "--compute-type": "use --dtype",
    "--fp16": "use --dtype float16",
    "--initial-prompt": "use --context TEXT or --hotwords",
    "--prompt": "use --context TEXT or --hotwords",
    "--chunk-size": "use --max-chunk SECONDS",
    "--chunk-length": "use --max-chunk SECONDS",
    "--verbose-mode": "use -v",
    "--print-progress": "progress is shown on a terminal; -q turns it off",
    "--word-timestamps": "words are always timed: use -f json, textgrid or srt",
    "--vad-filter": "chunks are cut at quiet points, and silence gives no text: there is nothing to switch on",
    "--vad-method": "chunks are cut at quiet points, and silence gives no text: there is nothing to choose",
    "--no-align": "use qwen-subs transcribe",
    "--task": "this tool transcribes; it does not translate",
    "--translate": "this tool transcribes; it does not translate",
    "--beam-size": "decoding is greedy, as the model was published",
    "--best-of": "decoding is greedy, as the model was published",
    "--temperature": "decoding is greedy, as the model was published",
    "--condition-on-previous-text": "chunks are recognized independently, so there is nothing to condition on",
    "--diarize": "speakers are not told apart",
    "--hf-token": "set the environment variable HF_TOKEN",
    "--threads": "set the environment variable OMP_NUM_THREADS",
    "--max-words-per-line": "use --max-line-width CELLS",
    "--max-words-count": "use --max-line-width CELLS",
}


def explain_flag(flag: str) -> str | None:
    """Return what to use instead of another tool's flag, or None if it is nobody's."""
    return _EXPLANATIONS.get("--" + flag.lstrip("-").replace("_", "-"))
